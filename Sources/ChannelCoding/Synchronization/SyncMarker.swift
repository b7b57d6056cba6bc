/// The attached sync markers, in order of transmission (CCSDS 131.0-B, Attached Sync Marker).
public enum SyncMarker {
    /// For uncoded, convolutional, Reed-Solomon and concatenated links, and the LDPC code of rate 7/8.
    public static let standard: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]
    /// For Turbo rate 1/2 and the LDPC codes of rate 1/2, 2/3 and 4/5.
    public static let turboHalf: [UInt8] = [0x03, 0x47, 0x76, 0xC7, 0x27, 0x28, 0x95, 0xB0]
    /// For Turbo rate 1/3.
    public static let turboThird: [UInt8] = [
        0x25, 0xD5, 0xC0, 0xCE, 0x89, 0x90, 0xF6, 0xC9, 0x46, 0x1B, 0xF7, 0x9C,
    ]
    /// For Turbo rate 1/4: the marker of rate 1/2, then its complement.
    public static let turboQuarter: [UInt8] = turboHalf + turboHalf.map { ~$0 }
    /// For Turbo rate 1/6: the marker of rate 1/3, then its complement.
    public static let turboSixth: [UInt8] = turboThird + turboThird.map { ~$0 }
}
