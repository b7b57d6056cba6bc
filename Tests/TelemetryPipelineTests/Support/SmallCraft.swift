import Foundation
import MissionDatabase
import SpaceLink
import TestSupport

/// A craft with three rates in degrees a second, a quaternion, and a switch with awkward labels.
enum SmallCraft {
    static let xtce = """
        <?xml version="1.0"?>
        <SpaceSystem name="Small" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>
        <ParameterTypeSet>
        <IntegerParameterType name="U16"><IntegerDataEncoding sizeInBits="16" encoding="unsigned"/>
        </IntegerParameterType>
        <IntegerParameterType name="U32"><IntegerDataEncoding sizeInBits="32" encoding="unsigned"/>
        </IntegerParameterType>
        <FloatParameterType name="Rate"><UnitSet><Unit>deg/s</Unit></UnitSet>
        <FloatDataEncoding sizeInBits="32" encoding="IEEE754_1985"/></FloatParameterType>
        <EnumeratedParameterType name="Label"><IntegerDataEncoding sizeInBits="16" encoding="unsigned"/>
        <EnumerationList><Enumeration value="0" label="off, cold"/><Enumeration value="1" label="so called &quot;on&quot;"/>
        </EnumerationList></EnumeratedParameterType>
        </ParameterTypeSet>
        <ParameterSet>
        <Parameter name="ID" parameterTypeRef="U16"/><Parameter name="SEQUENCE" parameterTypeRef="U16"/>
        <Parameter name="LENGTH" parameterTypeRef="U16"/><Parameter name="TIME" parameterTypeRef="U32"/>
        <Parameter name="GX" parameterTypeRef="Rate"/><Parameter name="GY" parameterTypeRef="Rate"/>
        <Parameter name="GZ" parameterTypeRef="Rate"/><Parameter name="HEATER" parameterTypeRef="Label"/>
        </ParameterSet>
        <ContainerSet>
        <SequenceContainer name="CCSDSPacket" abstract="true"><EntryList><ParameterRefEntry parameterRef="ID"/>
        <ParameterRefEntry parameterRef="SEQUENCE"/><ParameterRefEntry parameterRef="LENGTH"/></EntryList>
        </SequenceContainer>
        <SequenceContainer name="Attitude"><EntryList><ParameterRefEntry parameterRef="TIME"/>
        <ParameterRefEntry parameterRef="GX"/><ParameterRefEntry parameterRef="GY"/>
        <ParameterRefEntry parameterRef="GZ"/></EntryList>
        <BaseContainer containerRef="CCSDSPacket"><RestrictionCriteria>
        <Comparison parameterRef="ID" value="2049"/></RestrictionCriteria></BaseContainer></SequenceContainer>
        <SequenceContainer name="Thermal"><EntryList><ParameterRefEntry parameterRef="TIME"/>
        <ParameterRefEntry parameterRef="HEATER"/></EntryList>
        <BaseContainer containerRef="CCSDSPacket"><RestrictionCriteria>
        <Comparison parameterRef="ID" value="2050"/></RestrictionCriteria></BaseContainer></SequenceContainer>
        </ContainerSet></TelemetryMetaData></SpaceSystem>
        """

    static func database() throws -> MissionDatabase { try MissionDatabase(xtce: Array(xtce.utf8), name: "small.xml") }

    /// Whole seconds since 1958, behind the primary header.
    static func timeCode() throws -> TimeCode {
        let json = #"{"code": "cuc", "offset": 6, "coarse": 4, "fine": 0}"#
        return try JSONDecoder().decode(TimeCode.self, from: Data(json.utf8))
    }

    static func attitude(_ count: Int, at second: UInt32, degrees: [Float]) -> [UInt8] {
        let content = big(second) + degrees.flatMap { big($0.bitPattern) }
        return Downlink.packet(apid: 1, count: count, content: content, secondaryHeader: true)
    }

    static func heater(_ count: Int, at second: UInt32, _ value: UInt8) -> [UInt8] {
        Downlink.packet(apid: 2, count: count, content: big(second) + [0, value], secondaryHeader: true)
    }

    static func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    static let idle = Downlink.packet(apid: 2047, count: 0, content: [UInt8](repeating: 0x55, count: 20))
}
