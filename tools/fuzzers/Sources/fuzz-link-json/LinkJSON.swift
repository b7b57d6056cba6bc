import FoundationEssentials
import FuzzSupport
import SpaceLink

/// Reads descriptions of links from any octets; those that can be read are written, read again and used.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryLinkJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    let text = choices.rest()
    do {
        let link = try JSONDecoder().decode(LinkDescription.self, from: Data(text))
        let written = try JSONEncoder().encode(link)
        let again = try JSONDecoder().decode(LinkDescription.self, from: written)
        expect(again == link, "a description is another when it is written and read again")
        // Only small ones are used: a description may ask for a great deal of memory, but not what a frame can have.
        guard (link.frameLength ?? 0) < 5000 else { return 0 }
        var decoder = try LinkDecoder(link)
        var sink = Nothing()
        decoder.push(text.span, into: &sink)
        decoder.finish(into: &sink)
        expect(decoder.summary.balances && decoder.summary.octets == text.count, "the ledger does not balance")
    } catch {
        // Most texts describe no link.
    }
    return 0
}

private struct Nothing: LinkSink {}
