"""What the network's input and its output are called, and how they are to be told from earlier."""

# Of how a text's vector is computed. With another one the network, the vectors that are kept and the
# models are made anew.
VERSION = 3

TOKENS = "tokens"  # the vectors of word pieces, their places added: 1 x pieces x width
SENTENCE = "sentence"  # the means over the pieces, after each of the layers: layers x width

PROBE_WIDTH = 64  # of the network that tries the processor (`signed.py`)
