enum LinkIOPlaceholder {}
