/// Pieces of XTCE documents for tests.
enum Document {
    /// A parameter with a type and an encoding of its own.
    struct Field {
        let name: String
        let type: String
        let parameter: String

        init(
            _ name: String,
            type kind: String = "Integer",
            encoding: String = "unsigned",
            bits: Int = 8,
            attributes: String = "",
            calibration: String = "",
            inside: String = ""
        ) {
            self.name = name
            let isFloat = ["IEEE754", "IEEE754_1985", "MILSTD_1750A", "IBM"].contains(encoding)
            let element = isFloat ? "FloatDataEncoding" : "IntegerDataEncoding"
            type = """
                <\(kind)ParameterType name="\(name)_T">
                <\(element) sizeInBits="\(bits)" encoding="\(encoding)" \(attributes)>\(calibration)</\(element)>
                \(inside)
                </\(kind)ParameterType>
                """
            parameter = "<Parameter name=\"\(name)\" parameterTypeRef=\"\(name)_T\"/>"
        }
    }

    /// A whole document with one space system.
    static func text(types: String = "", parameters: String = "", containers: String = "", more: String = "") -> String
    {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <SpaceSystem name="Test" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>
        <ParameterTypeSet>\(types)</ParameterTypeSet>
        <ParameterSet>\(parameters)</ParameterSet>
        <ContainerSet>\(containers)</ContainerSet>
        </TelemetryMetaData>\(more)</SpaceSystem>
        """
    }

    /// A document of fields, and containers made elsewhere.
    static func text(_ fields: [Field], containers: String) -> String {
        text(
            types: fields.map { $0.type }.joined(separator: "\n"),
            parameters: fields.map { $0.parameter }.joined(separator: "\n"),
            containers: containers
        )
    }

    static func container(
        _ name: String,
        isAbstract: Bool = false,
        base: String? = nil,
        criteria: String = "",
        entries: String...
    ) -> String {
        let restriction = criteria.isEmpty ? "" : "<RestrictionCriteria>\(criteria)</RestrictionCriteria>"
        let inheritance = base.map { "<BaseContainer containerRef=\"\($0)\">\(restriction)</BaseContainer>" } ?? ""
        return """
            <SequenceContainer name="\(name)" abstract="\(isAbstract)"><EntryList>\(entries.joined())</EntryList>
            \(inheritance)</SequenceContainer>
            """
    }

    static func entry(_ parameter: String, _ inside: String = "") -> String {
        "<ParameterRefEntry parameterRef=\"\(parameter)\">\(inside)</ParameterRefEntry>"
    }

    static func include(_ container: String, _ inside: String = "") -> String {
        "<ContainerRefEntry containerRef=\"\(container)\">\(inside)</ContainerRefEntry>"
    }

    static func comparison(_ parameter: String, _ value: String, _ attributes: String = "") -> String {
        "<Comparison parameterRef=\"\(parameter)\" value=\"\(value)\" \(attributes)/>"
    }
}
