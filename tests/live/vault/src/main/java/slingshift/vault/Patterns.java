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
 * {@code {"invalid": message}}.
 */
final class Patterns {
    private Patterns() {}

    static JsonObject match(JsonObject request) {
        JsonObject answer = new JsonObject();
        try {
            Pattern pattern = Pattern.compile(request.get("pattern").getAsString());
            JsonArray matches = new JsonArray();
            for (JsonElement path : request.getAsJsonArray("paths")) {
                matches.add(pattern.matcher(path.getAsString()).matches());
            }
            answer.add("matches", matches);
        } catch (PatternSyntaxException e) {
            answer.addProperty("invalid", e.getDescription());
        }
        return answer;
    }
}
