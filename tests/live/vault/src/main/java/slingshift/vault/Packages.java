package slingshift.vault;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.jcr.Session;
import org.apache.jackrabbit.vault.fs.api.PathFilterSet;
import org.apache.jackrabbit.vault.fs.api.ProgressTrackerListener;
import org.apache.jackrabbit.vault.fs.config.DefaultMetaInf;
import org.apache.jackrabbit.vault.fs.config.DefaultWorkspaceFilter;
import org.apache.jackrabbit.vault.fs.io.ImportOptions;
import org.apache.jackrabbit.vault.packaging.ExportOptions;
import org.apache.jackrabbit.vault.packaging.JcrPackage;
import org.apache.jackrabbit.vault.packaging.JcrPackageManager;
import org.apache.jackrabbit.vault.packaging.PackageProperties;
import org.apache.jackrabbit.vault.packaging.VaultPackage;
import org.apache.jackrabbit.vault.packaging.impl.JcrPackageManagerImpl;
import org.apache.jackrabbit.vault.packaging.impl.PackageManagerImpl;

/** Import and export of one content package. */
final class Packages {
    private Packages() {}

    /**
     * Imports a package.
     *
     * @param manager through the package manager (upload, then install, as the console of AEM does), else
     *     straight from the archive
     * @return what FileVault reported: errors and actions by path, and the exception that ended the import
     */
    static JsonObject install(Repositories repository, byte[] data, boolean manager) throws Exception {
        Log log = new Log();
        ImportOptions options = new ImportOptions();
        options.setListener(log);
        options.setStrict(false);
        File file = Files.createTempFile("package", ".zip").toFile();
        Session session = repository.login();
        try {
            Files.write(file.toPath(), data);
            if (manager) {
                throughManager(session, file, options);
            } else {
                try (VaultPackage opened = new PackageManagerImpl().open(file)) {
                    opened.extract(session, options);
                }
            }
        } catch (Exception e) {
            log.json.addProperty("exception", e.toString());
        } finally {
            session.logout();
            file.delete();
        }
        return log.json;
    }

    private static void throughManager(Session session, File file, ImportOptions options) throws Exception {
        JcrPackageManager packages = new JcrPackageManagerImpl(session, new String[0]);
        JcrPackage uploaded = packages.upload(file, false, true, null);
        try {
            uploaded.install(options);
        } finally {
            uploaded.close();
        }
    }

    /** What FileVault exports for a path, by entry name. */
    static JsonObject export(Repositories repository, String root) throws Exception {
        DefaultWorkspaceFilter filter = new DefaultWorkspaceFilter();
        filter.add(new PathFilterSet(root));
        DefaultMetaInf meta = new DefaultMetaInf();
        meta.setFilter(filter);
        Properties properties = new Properties();
        properties.setProperty(PackageProperties.NAME_GROUP, "slingshift");
        properties.setProperty(PackageProperties.NAME_NAME, "export");
        properties.setProperty(PackageProperties.NAME_VERSION, "1.0");
        meta.setProperties(properties);
        ExportOptions options = new ExportOptions();
        options.setMetaInf(meta);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        Session session = repository.login();
        try {
            new PackageManagerImpl().assemble(session, options, archive);
        } finally {
            session.logout();
        }
        JsonObject entries = new JsonObject();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory() && entry.getName().startsWith("jcr_root/")) {
                    entries.addProperty(entry.getName(), Base64.getEncoder().encodeToString(zip.readAllBytes()));
                }
            }
        }
        return entries;
    }

    private static final class Log implements ProgressTrackerListener {
        private final JsonObject json = new JsonObject();
        private final JsonObject errors = new JsonObject();
        private final JsonObject actions = new JsonObject();

        private Log() {
            json.add("errors", errors);
            json.add("actions", actions);
        }

        @Override
        public void onMessage(Mode mode, String action, String path) {
            actions.addProperty(path, action);
        }

        @Override
        public void onError(Mode mode, String path, Exception e) {
            errors.addProperty(path, e.toString());
        }
    }
}
