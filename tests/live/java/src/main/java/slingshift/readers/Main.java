package slingshift.readers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads requests from standard input, one a line, and answers each with one line of JSON.
 *
 * <p>The argument is the folder that holds one folder of jars a reader. Fields are separated by tabs:
 *
 * <pre>
 * read   READER  FILE-NAME  BASE64     the bytes of a file
 * write  READER  FORM       VALUES     typed values (see {@link Typed#parse}); FORM is "config" or "cfg.json"
 * pid    FACTORY BASE64                the name of a file
 * </pre>
 *
 * <p>Answers: {@code {"values": {key: {"type", "values"}}, "written": base64, "refused": {version: message}}} or
 * {@code {"exception": text}}. "written" (or "writeException") is what the reader's own writer makes of the
 * values; "refused" tells which ConfigAdmin versions would not take them. To "pid": {@code {"pid", "factoryPid"}}.
 */
public final class Main {
    private static final String[] CONFIG_ADMINS = {"1.8.12", "1.9.26"};

    private final Path folder;
    private final Map<String, Library> libraries = new HashMap<>();
    private final Map<String, FileNames> factories = new HashMap<>();

    private Main(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        System.setOut(System.err);
        Main main = new Main(Path.of(arguments[0]));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII), 1 << 16);
        String line;
        while ((line = in.readLine()) != null) {
            out.println(main.answer(line.split("\t", -1)));
        }
        out.flush();
    }

    private String answer(String[] request) {
        if (request[0].equals("pid")) {
            return pid(request[1], new String(Base64.getDecoder().decode(request[2]), StandardCharsets.UTF_8));
        }
        Library library;
        try {
            library = library(request[1]);
        } catch (Exception | LinkageError e) {
            return "{\"failure\":" + Json.string(e.toString()) + "}";
        }
        try {
            if (request[0].equals("write")) {
                return "{" + written(library, Typed.parse(request[3]), request[2]) + "}";
            }
            Dictionary<String, Object> values =
                    library.read(request[2], Base64.getDecoder().decode(request[3]));
            return "{\"values\":" + Typed.toJson(values) + "," + written(library, values, form(request[2]))
                    + ",\"refused\":{" + refusals(values) + "}}";
        } catch (LinkageError e) {
            return "{\"failure\":" + Json.string(e.toString()) + "}";
        } catch (Exception | StackOverflowError e) {
            return "{\"exception\":" + Json.string(message(e)) + "}";
        }
    }

    private String pid(String factory, String fileName) {
        try {
            FileNames names = factories.get(factory);
            if (names == null) {
                names = FileNames.open(folder.resolve(factory));
                factories.put(factory, names);
            }
            String[] found = names.pid(fileName);
            String factoryPid = found[1] == null ? "null" : Json.string(found[1]);
            return "{\"pid\":" + Json.string(found[0]) + ",\"factoryPid\":" + factoryPid + "}";
        } catch (Exception | LinkageError e) {
            return "{\"failure\":" + Json.string(message(e)) + "}";
        }
    }

    private static String form(String fileName) {
        return fileName.endsWith(".cfg.json") ? "cfg.json" : "config";
    }

    private static String written(Library library, Dictionary<String, Object> values, String form) {
        try {
            return "\"written\":\"" + Base64.getEncoder().encodeToString(library.write(values, form)) + "\"";
        } catch (Exception e) {
            return "\"writeException\":" + Json.string(message(e));
        }
    }

    private String refusals(Dictionary<String, Object> values) throws Exception {
        StringBuilder found = new StringBuilder();
        for (String version : CONFIG_ADMINS) {
            String refusal = library("felix-" + version).refusal(values);
            if (refusal != null) {
                found.append(found.length() == 0 ? "" : ",");
                found.append('"').append(version).append("\":").append(Json.string(refusal));
            }
        }
        return found.toString();
    }

    private Library library(String name) throws IOException {
        Library library = libraries.get(name);
        if (library == null) {
            library = Library.open(folder.resolve(name));
            libraries.put(name, library);
        }
        return library;
    }

    private static String message(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(" <- ").append(cause);
        }
        return text.toString();
    }
}
