package io.art2mus.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tokenizers in the published ones' form without the published vocabularies, which are not ours to hand on. CLAP's knows single bytes,
 * which does not matter to its cost, for its texts are always padded to one length. FLAN-T5's knows characters and some words, so that
 * ordinary prompts come out about as long as with the published one.
 */
final class TokenizerFiles {
    private static final JsonMapper JSON = new JsonMapper();

    private static final List<String> ROBERTA_SPECIAL = List.of("<s>", "<pad>", "</s>", "<unk>");
    private static final String MASK = "<mask>";
    private static final List<String> T5_SPECIAL = List.of("<pad>", "</s>", "<unk>");

    /** How a blank is written before a word. */
    private static final String BLANK = "\u2581";

    private static final double WORD_SCORE = -8;
    private static final double CHARACTER_SCORE = -10;

    /** The sentences of published runs, and what music is often asked for with. */
    private static final String WORDS = """
            Music representing the content of this artwork Low quality. Low quality High quality. Techno music with a strong, \
            upbeat tempo and high melodic riffs a an and or of in on at to by for from with without over under into as is are was \
            be being it its that which while when then not no very more less some many few all two three four one music musical \
            sound sounds song piece tune track melody harmony rhythm beat tempo chord bass drums drum piano guitar violin cello \
            strings string flute organ harp choir voice voices vocals synthesizer orchestra orchestral jazz rock pop classical \
            electronic ambient folk techno house blues metal funk soul hip hop country slow fast calm gentle soft loud quiet deep \
            high low dark bright warm cold sad happy melancholic joyful peaceful epic dramatic romantic energetic upbeat relaxing \
            background night day sea city river wind rain storm forest bird birds water fire light shadow colour blue red green \
            gold old new big small long short good bad quality playing plays played singing a man woman people crowd dance""";

    private TokenizerFiles() {}

    /** A byte-level BPE without merges, in RoBERTa's frame, as {@code tokenizer.json}. */
    static String byteLevel(int vocabulary) {
        ObjectNode file = empty();
        Map<String, Integer> ids = new LinkedHashMap<>();
        ROBERTA_SPECIAL.forEach(token -> ids.put(token, ids.size()));
        for (int value = 0; value < 1 << Byte.SIZE; value++) {
            ids.put(Character.toString(shown(value)), ids.size());
        }
        // Where the published one has it.
        ids.put(MASK, vocabulary - 1);
        requireRoom(ids.size(), vocabulary);
        ArrayNode added = file.putArray("added_tokens");
        ROBERTA_SPECIAL.forEach(token -> special(added, token, ids.getOrDefault(token, 0)));
        special(added, MASK, vocabulary - 1);
        file.putNull("normalizer");
        byteLevel(file.putObject("pre_tokenizer"), false);
        ObjectNode frame = file.putObject("post_processor").put("type", "RobertaProcessing");
        frame.putArray("sep").add("</s>").add(2);
        frame.putArray("cls").add("<s>").add(0);
        frame.put("trim_offsets", true).put("add_prefix_space", false);
        byteLevel(file.putObject("decoder"), true);
        ObjectNode model = file.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode tokens = model.putObject("vocab");
        ids.forEach(tokens::put);
        model.putArray("merges");
        return file.toPrettyString() + "\n";
    }

    private static void byteLevel(ObjectNode part, boolean prefixed) {
        part.put("type", "ByteLevel").put("add_prefix_space", prefixed);
        part.put("trim_offsets", true).put("use_regex", true);
    }

    /** The printable character that stands for a byte: itself where it is one in Latin-1, else one from U+0100 on. */
    private static int shown(int value) {
        int unprintable = 0;
        for (int before = 0; before <= value; before++) {
            boolean printable = (before > ' ' && before <= '~') || (before > 0xa0 && before != 0xad);
            if (before == value && printable) {
                return value;
            }
            unprintable += printable ? 0 : 1;
        }
        return 0x100 + unprintable - 1;
    }

    /** A unigram model of characters and words, as {@code tokenizer.json}. */
    static String unigram(int vocabulary) {
        ObjectNode file = empty();
        ArrayNode added = file.putArray("added_tokens");
        T5_SPECIAL.forEach(token -> special(added, token, added.size()));
        file.putObject("normalizer").put("type", "NFKC");
        metaspace(file.putObject("pre_tokenizer"));
        ObjectNode frame = file.putObject("post_processor").put("type", "TemplateProcessing");
        endAfter(frame.putArray("single"), "A");
        endAfter(endAfter(frame.putArray("pair"), "A"), "B");
        ObjectNode end = frame.putObject("special_tokens").putObject("</s>").put("id", "</s>");
        end.putArray("ids").add(1);
        end.putArray("tokens").add("</s>");
        metaspace(file.putObject("decoder"));
        ObjectNode model = file.putObject("model").put("type", "Unigram").put("unk_id", 2);
        ArrayNode pieces = model.putArray("vocab");
        T5_SPECIAL.forEach(token -> pieces.addArray().add(token).add(0.0));
        pieces().forEach((piece, score) -> pieces.addArray().add(piece).add(score));
        requireRoom(pieces.size(), vocabulary);
        model.put("byte_fallback", false);
        return file.toPrettyString() + "\n";
    }

    private static Map<String, Double> pieces() {
        Map<String, Double> pieces = new LinkedHashMap<>();
        pieces.put(BLANK, CHARACTER_SCORE);
        for (char character = '!'; character <= '~'; character++) {
            pieces.put(Character.toString(character), CHARACTER_SCORE);
        }
        Set<String> words = new LinkedHashSet<>(List.of(WORDS.split("\\s+")));
        words.forEach(word -> pieces.putIfAbsent(BLANK + word.replaceFirst("[.,]$", ""), WORD_SCORE));
        return pieces;
    }

    private static void metaspace(ObjectNode part) {
        part.put("type", "Metaspace").put("replacement", BLANK);
        part.put("prepend_scheme", "always").put("split", true);
    }

    private static ArrayNode endAfter(ArrayNode template, String sequence) {
        template.addObject().putObject("Sequence").put("id", sequence).put("type_id", 0);
        template.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
        return template;
    }

    private static ObjectNode empty() {
        ObjectNode file = JSON.createObjectNode().put("version", "1.0");
        file.putNull("truncation").putNull("padding");
        return file;
    }

    private static void special(ArrayNode added, String token, int id) {
        ObjectNode description = added.addObject().put("id", id).put("content", token);
        description.put("single_word", false).put("lstrip", token.equals(MASK)).put("rstrip", false);
        description.put("normalized", false).put("special", true);
    }

    private static void requireRoom(int tokens, int vocabulary) {
        if (tokens > vocabulary) {
            throw new IllegalArgumentException(
                    "the tokenizer has " + tokens + " tokens, more than the encoder's " + vocabulary);
        }
    }
}
