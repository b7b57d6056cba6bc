import Foundation
import TestSupport

extension Vector {
    /// An integer among the expected values.
    func expectedInt(_ key: String) -> Int? { (expected[key] as? NSNumber)?.intValue }

    /// A hex string among the expected values, as octets.
    func expectedOctets(_ key: String) -> [UInt8]? { (expected[key] as? String).map { Hex.octets($0) } }

    /// A string among the expected values.
    func expectedText(_ key: String) -> String? { expected[key] as? String }

    /// A flag among the inputs.
    func flag(_ key: String) -> Bool { (inputs[key] as? NSNumber)?.boolValue ?? false }
}

extension Bool {
    /// 1 or 0, as the vectors write flags.
    var bit: Int { self ? 1 : 0 }
}
