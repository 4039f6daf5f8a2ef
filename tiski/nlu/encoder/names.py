"""What the network's input and its output are called."""

TOKENS = "tokens"  # the vectors of word pieces, their places added: 1 x pieces x width
SENTENCE = "sentence"  # the means over the pieces, after each of the layers: layers x width
