enum AttitudeMonitorPlaceholder {}
