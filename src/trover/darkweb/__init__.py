"""What listings and pages come to: vendors, what they may have sold, which of them may be one. Inference, no fact."""
