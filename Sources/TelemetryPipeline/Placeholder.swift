enum TelemetryPipelinePlaceholder {}
