enum LanderSimulatorPlaceholder {}
