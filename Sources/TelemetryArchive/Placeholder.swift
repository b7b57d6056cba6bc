enum TelemetryArchivePlaceholder {}
