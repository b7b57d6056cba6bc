enum MissionsPlaceholder {}
