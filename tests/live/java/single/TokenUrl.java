import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Answers each line "TEMPLATE ENDPOINT" (base64) with what String.format and java.net.URI make of it. */
public final class TokenUrl {
    private TokenUrl() {}

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split(" ", -1);
            out.println(answer(decoded(fields[0]), decoded(fields[1])));
        }
        out.flush();
    }

    private static String answer(String template, String endpoint) {
        String url;
        try {
            url = String.format(template, endpoint);
        } catch (RuntimeException error) {
            return "throws";
        }
        return encoded(url) + " " + hostOf(url);
    }

    private static String hostOf(String url) {
        try {
            return encoded(String.valueOf(URI.create(url).getHost()));
        } catch (IllegalArgumentException error) {
            return "illegal";
        }
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return "=" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
