"""Who may use the region: the checks that every request passes before an emulator or a control page sees it."""
