enum ChannelCodingPlaceholder {}
