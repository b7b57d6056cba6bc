import ChannelCoding
public import FuzzSupport
public import SpaceLink

extension LinkDescription {
    /// A link of short frames; not every one can be.
    public init(choosing choices: inout Choices) {
        self.init()
        input = choices.one(of: [.cadu, .cadu, .codeblocks, .frames])
        envelope = choices.one(of: [.none, .none, .none, .kiss, .pcap, .octets(header: 3, trailer: 5)])
        nrzm = choices.octet() < 16
        randomizer = choices.one(of: [.short, .none, .long])
        marker.choose(&choices)
        frame.choose(&choices)
        let room = 7 + frame.insertZone + frame.secondaryHeader + 14 + choices.number(0...60)
        if choices.flag() {
            var code = ReedSolomonBlock()
            code.errors = choices.one(of: [8, 16])
            code.interleave = choices.one(of: [1, 2, 3, 4, 5, 8])
            code.basis = choices.flag() ? .conventional : .dual
            code.virtualFill = 255 - 2 * code.errors - max(1, room / code.interleave)
            block = .reedSolomon(code)
        } else {
            block = .none(length: room)
        }
        // Without a code the frame may say its length: in the description, or each for itself if it is a USLP frame.
        if input == .frames {
            block = .none(length: nil)
            frame.length = frame.type == .uslp && choices.flag() ? nil : room
        }
        if choices.octet() < 64 {
            channels[choices.number(0...3)] = choices.one(of: [.idle, .opaque, .bitstream, .packets])
        }
    }
}

extension LinkDescription.Marker {
    fileprivate mutating func choose(_ choices: inout Choices) {
        guard choices.flag() else { return }
        if choices.flag() { pattern = choices.octets(choices.number(2...6)) }
        let limit = 4 * pattern.count - 1
        searchTolerance = min(limit, choices.one(of: [3, 0, 1, 7]))
        lockTolerance = min(limit, choices.one(of: [3, 0, 1, 11]))
        verify = choices.one(of: [1, 0, 2])
        flywheel = choices.one(of: [2, 0, 1, 5])
        slipWindow = choices.number(0...8)
        inverted = choices.flag()
        recovery = choices.flag() ? .flywheel : .research
    }
}

extension LinkDescription.Frame {
    fileprivate mutating func choose(_ choices: inout Choices) {
        type = choices.one(of: [.aos, .tm, .uslp])
        fecf = choices.flag()
        ocf = choices.flag()
        if type == .aos { fhec = choices.flag() }
        if type == .tm {
            secondaryHeader = choices.one(of: [0, 0, 2, 5])
        } else {
            insertZone = choices.one(of: [0, 0, 1, 8])
        }
        if choices.flag() { spacecraft = [91, 7] }
    }
}
