/// The raw inputs that archives kept, each once, in the order of the archives.
struct KeptInputs<Source: ArchiveSource> {
    private struct Input {
        let reader: Int
        let origin: ArchiveMetadata.Origin
        let octets: Int64
        /// Where its pieces are in the archive.
        var pieces: [Int64] = []
    }

    private let readers: [ArchiveReader<Source>]
    private var inputs: [Input] = []

    /// Looks for all of them.
    ///
    /// - Parameters:
    ///   - readers: The archives.
    ///   - mayLack: Whether it does not matter that some of an input is not there.
    /// - Throws: `.incompleteInput`, `.unfit` for an archive that is damaged, or a failure of a source.
    init(_ readers: [ArchiveReader<Source>], mayLack: Bool) throws(ArchiveError) {
        self.readers = readers
        for (index, reader) in readers.enumerated() { try add(reader, index, mayLack: mayLack) }
    }

    /// Leaves out inputs that came before.
    ///
    /// - Returns: Their octets.
    mutating func dropCopies() -> Int64 {
        var met: Set<[UInt8]> = []
        return drop { $0.origin.sha256.map { $0 == Fingerprint.none || met.insert($0).inserted } ?? true }
    }

    /// Leaves all inputs out.
    ///
    /// - Returns: Their octets.
    mutating func dropAll() -> Int64 { drop { _ in false } }

    private mutating func drop(_ isKept: (Input) -> Bool) -> Int64 {
        var dropped: Int64 = 0
        inputs = inputs.filter { input in
            if isKept(input) { return true }
            dropped += input.octets
            return false
        }
        return dropped
    }

    /// Writes all of them behind the units, one behind the other.
    ///
    /// - Parameter output: The new archive.
    /// - Returns: What each is, and all together; nothing if there is none.
    /// - Throws: `.unfit` with the archive that is damaged, or a failure of a source or of the storage.
    func write<Storage: ArchiveStorage & ~Copyable>(
        into output: inout MergeOutput<Storage>
    ) throws(ArchiveError) -> (each: [ArchiveMetadata.Origin], all: ArchiveMetadata.Origin)? {
        guard !inputs.isEmpty else { return nil }
        var each: [ArchiveMetadata.Origin] = []
        var all = Fingerprint()
        var offset: Int64 = 0
        for input in inputs {
            var own = Fingerprint()
            for place in input.pieces {
                let piece = try piece(at: place, of: input)
                own.push(piece.octets.span)
                all.push(piece.octets.span)
                try output.adopt(piece.adopted, at: offset)
                offset += Int64(piece.octets.count)
            }
            var origin = input.origin
            if let sha256 = origin.sha256, sha256 != Fingerprint.none, sha256 != own.octets {
                throw .unfit(input: input.reader, reason: "its raw input is not the one that there was.")
            }
            origin.sha256 = own.octets
            each.append(origin)
        }
        guard InputList.encode(each).count <= InputList.limit else {
            throw .limit(what: "number of raw inputs", value: Int64(each.count), limit: Int64(InputList.limit / 64))
        }
        return (each, ArchiveMetadata.Origin(name: "", size: offset, sha256: all.octets))
    }

    private func piece(at place: Int64, of input: Input) throws(ArchiveError) -> CheckedPiece {
        let members = MemberReader(source: readers[input.reader].source)
        guard case .member(let header) = try members.find(at: place), header.kind == .input else {
            throw .unfit(input: input.reader, reason: "it was changed while it was read.")
        }
        switch try members.inputPiece(header, at: place) {
        case .success(let piece): return piece
        case .failure(let fault):
            let damage = ArchiveDamage(header, at: place).with(fault.part, fault.reason)
            throw .unfit(input: input.reader, reason: damage.words)
        }
    }

    /// Finds the inputs of one archive.
    private mutating func add(_ reader: ArchiveReader<Source>, _ index: Int, mayLack: Bool) throws(ArchiveError) {
        var pieces: [(place: Int64, octets: Range<Int64>)] = []
        var walk = MemberWalk(MemberReader(source: reader.source))
        while let event = try walk.next() {
            if case .damage(let damage) = event { throw .unfit(input: index, reason: damage.words) }
            guard case .member(let header, let place) = event, header.kind == .input else { continue }
            let due = pieces.last?.octets.upperBound ?? 0
            let start = (try? InputPiece(decoding: header.subfield(InputPiece.id) ?? []))?.offset ?? -1
            guard start == due || (mayLack && start > due) else { throw .incompleteInput(input: index, due: due) }
            let (end, isBeyond) = start.addingReportingOverflow(Int64(header.rawSize))
            guard !isBeyond else { throw .incompleteInput(input: index, due: due) }
            pieces.append((place, start..<end))
        }
        guard let end = pieces.last?.octets.upperBound else { return }
        let single = ArchiveMetadata.Origin(name: "", size: end)
        let said = reader.metadata
        let origins = said.inputs.isEmpty ? [said.origin ?? single] : said.inputs
        var rest = pieces[...]
        var start: Int64 = 0
        for origin in origins {
            let (next, isBeyond) = start.addingReportingOverflow(origin.size ?? end)
            let own = rest.prefix { $0.octets.lowerBound < next }
            let length = own.reduce(0) { $0 + Int64($1.octets.count) }
            guard mayLack || (!isBeyond && own.last?.octets.upperBound == next) else {
                throw .incompleteInput(input: index, due: own.last?.octets.upperBound ?? start)
            }
            rest = rest.dropFirst(own.count)
            var origin = origin
            origin.size = length
            inputs.append(Input(reader: index, origin: origin, octets: length, pieces: own.map(\.place)))
            start = isBeyond ? .max : next
        }
        guard mayLack || rest.isEmpty else { throw .incompleteInput(input: index, due: start) }
    }
}

/// A piece of raw input that was read and found right.
struct CheckedPiece {
    let place: InputPiece
    let octets: [UInt8]
    let adopted: AdoptedPiece
}

/// A piece of raw input that goes into another archive as it is.
struct AdoptedPiece {
    let header: MemberHeader
    /// The deflate stream and gzip's trailer behind it.
    let body: [UInt8]

    /// The whole member in its new place.
    ///
    /// - Parameters:
    ///   - placed: Kind, sequence, first ordinal and predecessor.
    ///   - offset: Octets of the joined inputs before.
    /// - Returns: The member.
    /// - Throws: `.limit` if its header cannot be.
    func member(_ placed: MemberHeader, at offset: Int64) throws(ArchiveError) -> [UInt8] {
        var header = placed
        header.rawSize = self.header.rawSize
        header.rawChecksum = self.header.rawChecksum
        header.deflateChecksum = self.header.deflateChecksum
        header.subfields = [InputPiece(offset: offset).subfield]
        header.memberSize = UInt64(header.length + body.count)
        return try header.encode() + body
    }
}
