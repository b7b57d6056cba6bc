enum SpaceLinkPlaceholder {}
