package slingshift.vault;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import javax.jcr.Repository;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import javax.jcr.SimpleCredentials;
import org.apache.jackrabbit.commons.cnd.CndImporter;
import org.apache.jackrabbit.oak.jcr.Jcr;

/** An Oak in memory that knows the node types a Sling repository knows. */
final class Repositories {
    /** Node types as the bundles bring them: sling:Folder and its kin, and sling:OsgiConfig. */
    private static final String[] NODE_TYPES = {
        "SLING-INF/nodetypes/folder.cnd", "SLING-INF/nodetypes/resource.cnd", "SLING-INF/nodetypes/osgiconfig.cnd"
    };

    private final Repository repository = new Jcr().createRepository();

    Repositories() throws Exception {
        Session session = login();
        for (String name : NODE_TYPES) {
            try (InputStream in = Repositories.class.getClassLoader().getResourceAsStream(name);
                    Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                CndImporter.registerNodeTypes(reader, session, true);
            }
        }
        // As on an instance, where the package manager has been at work before.
        session.getWorkspace().getNamespaceRegistry().registerNamespace("vlt", "http://www.day.com/jcr/vault/1.0");
        session.getRootNode().addNode("apps", "sling:Folder");
        session.save();
        session.logout();
    }

    /** A fresh session: nothing transient of an earlier, failed import is in it. */
    Session login() throws RepositoryException {
        return repository.login(new SimpleCredentials("admin", "admin".toCharArray()));
    }

    void clear(String path) throws RepositoryException {
        Session session = login();
        for (String doomed : new String[] {path, "/etc/packages"}) {
            if (session.nodeExists(doomed)) {
                session.removeItem(doomed);
            }
        }
        session.save();
        session.logout();
    }
}
