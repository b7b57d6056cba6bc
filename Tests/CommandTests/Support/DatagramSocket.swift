import Foundation

/// A UDP socket that listens on this machine.
final class DatagramSocket: Sendable {
    let port: UInt16
    private let descriptor: Int32

    struct Failed: Error {
        let doing: String
        let number: Int32
    }

    /// Binds a free port.
    init() throws {
        #if canImport(Darwin)
        let opened = socket(AF_INET, SOCK_DGRAM, 0)
        #else
        let opened = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        #endif
        guard opened >= 0 else { throw Failed(doing: "open", number: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // Unsafe because sockets know addresses by pointer and length; both are of this one variable.
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard unsafe bind(opened, generic, length) == 0 else { return false }
                return unsafe getsockname(opened, generic, &length) == 0
            }
        }
        guard bound else {
            defer { close(opened) }
            throw Failed(doing: "bind", number: errno)
        }
        descriptor = opened
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// Takes the datagrams that have come so far.
    func receive() -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { octets in
                unsafe recv(descriptor, octets.baseAddress, octets.count, Int32(MSG_DONTWAIT))
            }
            guard count >= 0 else { return datagrams }
            datagrams.append(Array(buffer[..<count]))
        }
    }
}
