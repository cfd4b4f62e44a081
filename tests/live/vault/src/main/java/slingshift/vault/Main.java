package slingshift.vault;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Imports content packages with the FileVault version on the class path: one JSON request a line on
 * standard input, one JSON answer a line on standard output.
 *
 * <p>Request: {@code {"packages": [base64, ...], "root": "/apps/x", "via": "extract"|"manager", "export":
 * boolean}}. Whatever stands at root is removed, the packages are imported in their order, and the answer is
 * {@code {"imports": [{"errors": {path: message}, "actions": {path: letter}, "exception"?: text}], "nodes":
 * {path: node}, "exported"?: {entry: base64}}} with the nodes as {@link Nodes} describes them. A request with
 * "pattern" is answered by {@link Patterns}.
 */
public final class Main {
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private Main() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        System.setOut(System.err);
        Repositories repository = new Repositories();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.print(ascii(GSON.toJson(answer(repository, JsonParser.parseString(line).getAsJsonObject()))));
            out.print('\n');
            out.flush();
        }
        System.exit(0);
    }

    private static JsonObject answer(Repositories repository, JsonObject request) {
        if (request.has("pattern")) {
            return Patterns.match(request);
        }
        JsonObject answer = new JsonObject();
        String root = request.get("root").getAsString();
        try {
            repository.clear(root);
            JsonArray imports = new JsonArray();
            for (JsonElement item : request.getAsJsonArray("packages")) {
                byte[] data = Base64.getDecoder().decode(item.getAsString());
                imports.add(Packages.install(repository, data, "manager".equals(request.get("via").getAsString())));
            }
            answer.add("imports", imports);
            answer.add("nodes", Nodes.below(repository, root));
            if (request.get("export").getAsBoolean()) {
                answer.add("exported", Packages.export(repository, root));
            }
        } catch (Exception e) {
            answer.addProperty("failure", e.toString());
            e.printStackTrace();
        }
        return answer;
    }

    /** JSON in ASCII: every other UTF-16 unit, lone surrogates included, as an escape. */
    private static String ascii(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (char c : json.toCharArray()) {
            if (c < 0x7f) {
                text.append(c);
            } else {
                text.append(String.format("\\u%04x", (int) c));
            }
        }
        return text.toString();
    }
}
