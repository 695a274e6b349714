"""SentencePiece models like SigLIP's, but small."""

import random

import sentencepiece

words = ("a the fox dog house night snow roof red green picture of same with "
         "on its but in real image sketch two riding horses über café naïve "
         "東京 タワー").split()


def train(folder, name, **options):
    """A SentencePiece model like the published ones, but small."""
    random.seed(0)
    corpus = folder / "corpus.txt"
    corpus.write_text("".join(
        " ".join(random.choices(words, k=random.randint(3, 10))) + "\n"
        for _ in range(2000)))
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / name), pad_id=0, eos_id=1,
        minloglevel=2, hard_vocab_limit=False, **options)
    return folder / f"{name}.model"


def siglip_vocabulary(folder):
    return train(folder, "spiece", model_type="unigram", vocab_size=200,
                 unk_id=2, bos_id=-1, normalization_rule_name="nmt_nfkc")


def siglip2_vocabulary(folder):
    return train(folder, "tokenizer", model_type="bpe", vocab_size=480,
                 byte_fallback=True, bos_id=2, unk_id=3, eos_piece="<eos>",
                 bos_piece="<bos>", add_dummy_prefix=False,
                 remove_extra_whitespaces=False, split_digits=True,
                 user_defined_symbols=["<start_of_turn>", "\n\n"],
                 normalization_rule_name="identity", character_coverage=0.99)
