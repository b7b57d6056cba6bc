/// What cyclic redundancy checks that take the most significant bit first look up.
enum CheckTable {
    /// Rows of 256 entries: row k holds what an octet adds when k more octets follow it in the same step.
    ///
    /// - Parameters:
    ///   - polynomial: The generator polynomial without its highest term.
    ///   - steps: How many octets are taken in one step.
    /// - Returns: The rows, one behind the other.
    static func rows<Word: FixedWidthInteger & UnsignedInteger>(polynomial: Word, steps: Int) -> [Word] {
        let top = Word.bitWidth - 8
        var rows = [Word](repeating: 0, count: steps << 8)
        for octet in 0..<256 {
            var crc = Word(octet) << top
            for _ in 0..<8 {
                crc = crc.leadingZeroBitCount == 0 ? crc << 1 ^ polynomial : crc << 1
            }
            rows[octet] = crc
        }
        for index in 256..<rows.count {
            let before = rows[index - 256]
            rows[index] = before << 8 ^ rows[Int(before >> top)]
        }
        return rows
    }
}
