package slingshift.lab;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Properties;

/** What tests may switch; kept over restarts. An empty value means off. */
final class Switches {

    /** Version that the product pages tell. */
    static final String PRODUCT = "product";
    /** Seconds for which a CSRF token is good. */
    static final String CSRF = "csrf";
    /** Whether the query builder answers. */
    static final String QUERIES = "queries";
    /** What validateConfigs answers whatever the configurations are; "exception" makes it fail. */
    static final String STATUS = "status";

    private final Properties values = new Properties();
    private final File file;

    Switches(File file) throws IOException {
        this.file = file;
        if (file.exists()) {
            try (InputStream in = new FileInputStream(file)) {
                values.load(in);
            }
        }
    }

    synchronized String get(String name) {
        return values.getProperty(name, "");
    }

    boolean on(String name) {
        return !get(name).isEmpty();
    }

    synchronized void set(String name, String value) throws IOException {
        values.setProperty(name, value);
        try (OutputStream out = new FileOutputStream(file)) {
            values.store(out, null);
        }
    }
}
