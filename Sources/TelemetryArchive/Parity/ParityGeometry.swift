/// How the octets of an archive are divided among codewords.
///
/// A group has up to 60 rows of 65 pages, page by page from left to right; each of the 65 columns, a *stripe*, is a
/// codeword of its own with up to four pages of parity:
/// ```
///            stripe 0   1   2  …  64
///  row 0     page 0     1   2  …  64
///  row 1         65    66  67  … 129
///  …
///  row 59      3835  …           3899
///  parity 0 … 3
/// ```
/// A run of a mebioctet that does not begin with a page touches 257 of them; so there are 65 stripes, not 64: any 260 pages
/// on end are at most four of each.
enum ParityGeometry {
    static let pageLength = 4096
    static let stripes = 65
    static let rows = 60
    static let groupPages = stripes * rows
    static let groupLength = groupPages * pageLength
    /// The greatest number of a group, 32 PiB into the archive.
    static let lastGroup = Int(Int32.max)
}

/// One group: its place, and how much of the archive is in it.
struct ParityGroup: Hashable, Sendable {
    /// 0, 1, 2, ….
    let number: Int
    /// Octets of the archive in it; all but the last group are full.
    let length: Int

    /// Where it begins in the archive.
    var offset: Int64 { Int64(number) * Int64(ParityGeometry.groupLength) }
    /// Pages that hold any of its octets; the last one is taken as filled up with zeros.
    var pages: Int { (length + ParityGeometry.pageLength - 1) / ParityGeometry.pageLength }
    /// Rows of pages; the last one may not have one in each stripe.
    var rows: Int { (pages + ParityGeometry.stripes - 1) / ParityGeometry.stripes }
    /// Stripes that have any page.
    var stripes: Int { min(pages, ParityGeometry.stripes) }
    /// Pages of parity of all stripes.
    var blocks: Int { min(pages, ParityGeometry.stripes * PageSums.roots) }

    /// Pages of the archive in a stripe.
    func pages(ofStripe stripe: Int) -> Int { (pages - stripe + ParityGeometry.stripes - 1) / ParityGeometry.stripes }

    /// Pages of parity of a stripe: never more than of the archive, because a page that is lost is healed by one.
    func parityPages(ofStripe stripe: Int) -> Int { min(pages(ofStripe: stripe), PageSums.roots) }

    /// Where the octets of a row of pages are in the archive.
    func octets(ofRow row: Int) -> Range<Int64> {
        let start = row * ParityGeometry.stripes * ParityGeometry.pageLength
        let end = min(start + ParityGeometry.stripes * ParityGeometry.pageLength, length)
        return offset + Int64(start)..<offset + Int64(end)
    }

    /// Where a page's octets are in the archive.
    func octets(ofPage page: Int) -> Range<Int64> {
        let start = page * ParityGeometry.pageLength
        return offset + Int64(start)..<offset + Int64(min(start + ParityGeometry.pageLength, length))
    }
}
