"""What the network's inputs and its output are called."""

TOKENS = "tokens"  # the vectors of word pieces, their places added: texts x pieces x width
MASK = "mask"  # what is added to each piece's attention: 0, or very little where there is none
POOL = "pool"  # how much each piece counts in the mean
SENTENCE = "sentence"  # the means, after each of the layers
