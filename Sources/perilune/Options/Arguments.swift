public import ArgumentParser
public import AttitudeMonitor
public import TelemetryArchive
public import TelemetryPipeline

extension ProgressStyle: ExpressibleByArgument {}
extension ColorChoice: ExpressibleByArgument {}
extension Severity: ExpressibleByArgument {}
extension ArchiveClock: ExpressibleByArgument {}
extension ArchiveDurability: ExpressibleByArgument {}
extension CombineJob.Layer: ExpressibleByArgument {}
extension OutputSplit: ExpressibleByArgument {}
extension ParameterFormat: ExpressibleByArgument {}
extension ParameterShape: ExpressibleByArgument {}
extension ReplaySource.Layer: ExpressibleByArgument {}
