public import FuzzSupport
public import SpaceLink

/// Decodes an input whole and in pieces and holds what is said of it against the input.
public struct LinkTrial {
    let link: LinkDescription
    let keepsBad: Bool
    let keepsPartial: Bool
    let octets: [UInt8]

    /// Prepares a trial.
    public init(_ link: LinkDescription, keepBad: Bool = false, keepPartial: Bool = false, octets: [UInt8]) {
        self.link = link
        keepsBad = keepBad
        keepsPartial = keepPartial
        self.octets = octets
    }

    /// Runs it.
    ///
    /// - Parameter choices: How the input is cut.
    /// - Returns: What was said; nothing if the link cannot be.
    @discardableResult
    public func run(_ choices: inout Choices) -> LinkTrace? {
        Explanation.print(link, octets)
        guard let whole = decode([0..<octets.count]) else { return nil }
        let pieces = choices.pieces(of: octets.count)
        let cut = decode(pieces)
        if cut != whole { explain(whole, cut) }
        if let summary = whole.summary { LinkAccounts(self, whole, summary).hold() }
        return whole
    }

    private func decode(_ pieces: [Range<Int>]) -> LinkTrace? {
        var trace = LinkTrace()
        do throws(LinkDescriptionError) {
            var decoder = try LinkDecoder(link, keepBad: keepsBad, keepPartial: keepsPartial)
            for (number, piece) in pieces.enumerated() {
                decoder.push(octets.span.extracting(piece), into: &trace)
                // A summary takes longer than a short piece.
                if number % 256 == 0 { expect(decoder.summary.balances, "the ledger does not balance") }
            }
            decoder.finish(into: &trace)
            trace.summary = decoder.summary
            trace.masterChannels = decoder.masterChannels
            let count = trace.events.count
            decoder.push(octets.span, into: &trace)
            decoder.finish(into: &trace)
            expect(trace.events.count == count && decoder.summary == trace.summary, "octets are taken after the end")
        } catch {
            return nil
        }
        return trace
    }

    private func explain(_ whole: LinkTrace, _ cut: LinkTrace?) {
        let events = cut?.events ?? []
        for (index, event) in whole.events.enumerated() where index >= events.count || events[index] != event {
            let other = index < events.count ? "\(events[index])" : "nothing"
            expect(false, "event \(index) depends on the cut of the input: \(event), but in pieces \(other)")
        }
        expect(events.count == whole.events.count, "in pieces there are more events: \(events[whole.events.count])")
        let summaries = [whole.summary, cut?.summary].compactMap { $0 }
        expect(false, "the summary depends on the cut of the input: \(summaries)")
    }
}
