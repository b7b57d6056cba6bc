enum MissionDatabasePlaceholder {}
