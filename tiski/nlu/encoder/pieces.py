"""Texts into word pieces, by Google's sentencepiece library."""

from __future__ import annotations

from collections.abc import Sequence

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as shape

# XLM-RoBERTa, of whose family the encoder is, numbers its pieces thus; sentencepiece's own numbers
# begin with <unk>, <s>, </s>, and every other one is one less (fairseq's offset).
BEGIN, END, UNKNOWN = 0, 2, 3
_SHIFT = 1
_WORD_BEGINS = "\u2581"
# A text of so many pieces is read whole; no example is longer, and 1,000 characters are some 250.
# Of a longer one the beginning and the end are read, GLANCE pieces together: people say there what
# they want, a network that has learnt from short texts understands more of it than of all, and no
# text takes longer than one of WHOLE (docs/understanding.md).
WHOLE, GLANCE = 48, 32


class WordPieces:
    """Numbers the word pieces of texts.

    Args:
        model: a sentencepiece model, as the publisher ships it or as `piece_model` makes it.

    Raises:
        ValueError, RuntimeError: when it is none.
    """

    def __init__(self, model: bytes) -> None:
        self._processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        if not self._processor.get_piece_size():  # of an empty file the library says nothing
            raise ValueError("no word pieces")

    def numbers(self, text: str) -> list[int]:
        """The numbers of a text's pieces, with the marks of its begin and end.

        Args:
            text: normalised (`tiski.nlu.text.normalise`): NFKC, lower case.
        """
        found = self._processor.encode(text)
        if len(found) > WHOLE - 2:
            half = (GLANCE - 2) // 2
            found = found[:half] + found[-half:]
        return [BEGIN, *(number + _SHIFT if number else UNKNOWN for number in found), END]

    def has_word(self, word: str) -> bool:
        """Whether a whole word is one piece, as it is or, as names are, with a capital."""
        unknown = self._processor.unk_id()
        spellings = (word, word.capitalize())
        return any(self._processor.piece_to_id(_WORD_BEGINS + x) != unknown for x in spellings)


def piece_model(pieces: Sequence[tuple[str, float]]) -> bytes:
    """Return a sentencepiece model of pieces in XLM-RoBERTa's order, with their log probabilities."""
    model = shape.ModelProto()
    model.trainer_spec.model_type = shape.TrainerSpec.UNIGRAM
    model.trainer_spec.unk_id, model.trainer_spec.bos_id, model.trainer_spec.eos_id = 0, 1, 2
    model.trainer_spec.pad_id = -1
    # texts come normalised; the library only marks where words begin
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    piece = shape.ModelProto.SentencePiece
    special = (("<unk>", piece.UNKNOWN), ("<s>", piece.CONTROL), ("</s>", piece.CONTROL))
    for name, kind in special:
        model.pieces.add(piece=name, score=0.0, type=kind)
    for name, score in pieces[UNKNOWN + 1 :]:
        if name != "<mask>":
            model.pieces.add(piece=name, score=score, type=piece.NORMAL)
    made: bytes = model.SerializeToString()
    return made
