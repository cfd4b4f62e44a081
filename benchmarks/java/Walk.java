import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.felix.cm.file.ConfigurationHandler;

/** Reads every .config below a folder with Felix's own reader: what a plain Java program takes for it. */
public final class Walk {
    public static void main(String[] arguments) throws IOException {
        long files = 0;
        long properties = 0;
        long errors = 0;
        try (Stream<Path> paths = Files.walk(Path.of(arguments[0]))) {
            for (Iterator<Path> each = paths.iterator(); each.hasNext();) {
                Path path = each.next();
                if (!path.getFileName().toString().endsWith(".config") || !Files.isRegularFile(path)) {
                    continue;
                }
                files++;
                try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
                    properties += ConfigurationHandler.read(in).size();
                } catch (IOException error) {
                    errors++;
                }
            }
        }
        System.out.println(files + " files, " + properties + " properties, " + errors + " errors");
    }
}
