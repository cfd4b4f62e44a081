package slingshift.vault;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * java.util.regex as FileVault's DefaultPathFilter asks it.
 *
 * <p>{@code {"pattern": text, "paths": [text, ...]}} gives {@code {"matches": [boolean, ...]}}, or
 * {@code {"invalid": message}}; null stands for a path that Java had no answer for within {@link #MAX_READS}.
 */
final class Patterns {
    /** Java backtracks: some generated patterns would take it longer than anybody waits. */
    private static final int MAX_READS = 200_000;

    private Patterns() {}

    static JsonObject match(JsonObject request) {
        JsonObject answer = new JsonObject();
        try {
            Pattern pattern = Pattern.compile(request.get("pattern").getAsString());
            JsonArray matches = new JsonArray();
            for (JsonElement path : request.getAsJsonArray("paths")) {
                matches.add(matches(pattern, path.getAsString()));
            }
            answer.add("matches", matches);
        } catch (PatternSyntaxException e) {
            answer.addProperty("invalid", e.getDescription());
        }
        return answer;
    }

    private static Boolean matches(Pattern pattern, String path) {
        try {
            return pattern.matcher(new Watched(path)).matches();
        } catch (Exhausted | StackOverflowError e) {
            return null;
        }
    }

    private static final class Exhausted extends RuntimeException {}

    /** A text that may be read MAX_READS times. */
    private static final class Watched implements CharSequence {
        private final String text;
        private int reads;

        private Watched(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++reads > MAX_READS) {
                throw new Exhausted();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
