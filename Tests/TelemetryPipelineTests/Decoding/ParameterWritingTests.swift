import Foundation
import MissionDatabase
import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct ParameterWritingTests {
    private static let first: UInt32 = 2_051_222_437  // 2023-01-01T00:00:00Z in TAI seconds since 1958

    private func write(
        _ packets: [[UInt8]],
        _ format: ParameterFormat,
        _ shape: ParameterShape,
        to path: String,
        in folder: TemporaryFolder
    ) throws -> (packets: Int, values: Int, unknown: [Int: Int], misfits: Int) {
        let input = try folder.write("input", packets.flatMap { $0 })
        var telemetry = try TelemetryInput(InputRequest(paths: [input], settings: [(key: "input", value: "packets")]))
        var sink = try ParameterWritingSink(
            database: SmallCraft.database(),
            path: folder.path(path),
            format: format,
            shape: shape,
            timeCode: SmallCraft.timeCode(),
            selection: .everything,
            replacing: false
        )
        _ = try telemetry.decode(into: &sink)
        let told = (sink.packets, sink.values, sink.unknownPackets, sink.misfits)
        try sink.commit()
        return told
    }

    private func lines(_ name: String, in folder: TemporaryFolder) throws -> [String] {
        String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private let packets = [
        SmallCraft.attitude(0, at: first, degrees: [0.5, -1.25, 3]), SmallCraft.idle,
        SmallCraft.heater(0, at: first + 1, 0), SmallCraft.heater(1, at: first + 2, 1),
        Downlink.packet(apid: 9, count: 0, content: [1, 2, 3]),
    ]

    @Test func aLongTableHasARowForEachValueAndQuotesWhatNeedsIt() throws {
        let folder = try TemporaryFolder()
        let told = try write(packets, .csv, .long, to: "t.csv", in: folder)
        #expect(told.packets == 3)
        #expect(told.values == 7 + 5 + 5)
        #expect(told.unknown == [9: 1])
        #expect(told.misfits == 0)
        let lines = try lines("t.csv", in: folder)
        #expect(lines.count == 1 + told.values)
        #expect(lines[0] == "time,receptionTime,container,parameter,raw,value,unit,validity,alarm")
        #expect(lines[1] == "2023-01-01T00:00:00Z,,/Small/Attitude,/Small/ID,2049,2049,,valid,none")
        #expect(lines[5] == "2023-01-01T00:00:00Z,,/Small/Attitude,/Small/GX,0.5,0.5,deg/s,valid,none")
        #expect(lines[6] == "2023-01-01T00:00:00Z,,/Small/Attitude,/Small/GY,-1.25,-1.25,deg/s,valid,none")
        #expect(lines[12] == #"2023-01-01T00:00:01Z,,/Small/Thermal,/Small/HEATER,0,"off, cold",,valid,none"#)
        #expect(
            lines[17] == #"2023-01-01T00:00:02Z,,/Small/Thermal,/Small/HEATER,1,"so called ""on""",,valid,none"#
        )
    }

    @Test func wideTablesAreAFileForEachContainer() throws {
        let folder = try TemporaryFolder()
        _ = try write(packets, .csv, .wide, to: "tables", in: folder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("tables")).count == 2)
        #expect(
            try lines("tables/Attitude.csv", in: folder) == [
                "time,ID,SEQUENCE,LENGTH,TIME,GX,GY,GZ",
                "2023-01-01T00:00:00Z,2049,49152,15,\(Self.first),0.5,-1.25,3.0",
            ]
        )
        #expect(
            try lines("tables/Thermal.csv", in: folder) == [
                "time,ID,SEQUENCE,LENGTH,TIME,HEATER",
                "2023-01-01T00:00:01Z,2050,49152,5,\(Self.first + 1),\"off, cold\"",
                "2023-01-01T00:00:02Z,2050,49153,5,\(Self.first + 2),\"so called \"\"on\"\"\"",
            ]
        )
    }

    @Test func oneWideFileHoldsOneContainer() throws {
        let folder = try TemporaryFolder()
        _ = try write([packets[2], packets[3]], .csv, .wide, to: "one.csv", in: folder)
        #expect(try lines("one.csv", in: folder).count == 3)
        let failure = #expect(throws: PipelineFailure.self) {
            _ = try write(packets, .csv, .wide, to: "both.csv", in: folder)
        }
        #expect(failure?.description.contains("Attitude and Thermal") == true)
        #expect(failure?.description.contains("folder") == true)
        #expect(try folder.names() == ["input", "one.csv"])
    }

    @Test func aShortPacketLeavesTheEndOfItsRowEmpty() throws {
        let folder = try TemporaryFolder()
        let whole = SmallCraft.attitude(0, at: Self.first, degrees: [1, 2, 3])
        var short = Array(SmallCraft.attitude(1, at: Self.first + 1, degrees: [4, 5, 6]).dropLast(4))
        short[5] -= 4
        let told = try write([whole, short], .csv, .wide, to: "t.csv", in: folder)
        #expect(told.misfits == 1)
        #expect(
            try lines("t.csv", in: folder).last == "2023-01-01T00:00:01Z,2049,49153,11,\(Self.first + 1),4.0,5.0,"
        )
    }

    @Test func linesOfJSONSayTheSame() throws {
        let folder = try TemporaryFolder()
        _ = try write(packets, .ndjson, .long, to: "t.ndjson", in: folder)
        let lines = try lines("t.ndjson", in: folder)
        #expect(lines.count == 17)
        #expect(
            lines[4]
                == #"{"alarm":"none","container":"/Small/Attitude","event":"sample","parameter":"/Small/GX","#
                + #""quality":"unchecked","raw":0.5,"#
                + #""time":"2023-01-01T00:00:00Z","unit":"deg/s","v":1,"validity":"valid","value":0.5}"#
        )
        _ = try write(packets, .ndjson, .wide, to: "w.ndjson", in: folder)
        let rows = try self.lines("w.ndjson", in: folder)
        #expect(rows.count == 3)
        #expect(rows[2].contains(#""HEATER":"so called \"on\"""#))
        #expect(rows[2].contains(#""container":"/Small/Thermal","event":"row""#))
    }

    @Test(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
    func everyQuaternionOfAnOrbiterIsWhatOthersDecoded() throws {
        let folder = try TemporaryFolder()
        var telemetry = try TelemetryInput(InputRequest(paths: [ExpectedRecording.path(ExpectedRecording.packets)]))
        var sink = try ParameterWritingSink(
            database: XTCEFile.read(ExpectedRecording.path(ExpectedRecording.dictionary)),
            path: folder.path("t.csv"),
            format: .csv,
            shape: .wide,
            timeCode: nil,
            selection: .everything,
            replacing: false
        )
        _ = try telemetry.decode(into: &sink)
        try sink.commit()
        let rows = try lines("t.csv", in: folder)
        let expected = String(decoding: try Fixtures.recording("jpss1_apid11_expected.csv"), as: UTF8.self)
            .split(separator: "\n")
        #expect(rows.count == 7201)
        #expect(expected.count == 7201)
        let heading = rows[0].split(separator: ",", omittingEmptySubsequences: false)
        let columns = try (1...4).map { try #require(heading.firstIndex(of: "ADCFAQ\($0)")) }
        var differences = 0
        for (row, other) in zip(rows, expected).dropFirst() {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            let wanted = other.split(separator: ",")
            for (column, text) in zip(columns, wanted.dropFirst()) {
                let value = try #require(Double(cells[column]))
                // Printed with nine digits, which tell every float of 32 bits from its neighbours.
                if Float(value) != Float(text) { differences += 1 }
            }
        }
        #expect(differences == 0)
    }
}
