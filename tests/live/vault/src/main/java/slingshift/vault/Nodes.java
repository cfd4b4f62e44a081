package slingshift.vault;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.InputStream;
import java.util.Base64;
import javax.jcr.Node;
import javax.jcr.NodeIterator;
import javax.jcr.Property;
import javax.jcr.PropertyIterator;
import javax.jcr.PropertyType;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import javax.jcr.Value;

/**
 * What stands in the repository, by path.
 *
 * <p>A node is {@code {"type": its primary type, "properties": {name: {"type": "Long", "values": [text,
 * ...], "multiple": boolean}}}}; an nt:file also has "data" (base64) and "modified" (milliseconds); a
 * sling:OsgiConfig also has what {@link Dictionaries} adds.
 */
final class Nodes {
    private Nodes() {}

    static JsonObject below(Repositories repository, String root) throws Exception {
        JsonObject nodes = new JsonObject();
        Session session = repository.login();
        try {
            if (session.nodeExists(root)) {
                add(nodes, session.getNode(root));
            }
        } finally {
            session.logout();
        }
        return nodes;
    }

    private static void add(JsonObject nodes, Node node) throws Exception {
        JsonObject json = new JsonObject();
        String type = node.getPrimaryNodeType().getName();
        json.addProperty("type", type);
        json.add("properties", properties(node));
        nodes.add(node.getPath(), json);
        if (type.equals("nt:file") && node.hasNode("jcr:content")) {
            addContent(json, node.getNode("jcr:content"));
            return;
        }
        if (type.equals("sling:OsgiConfig")) {
            Dictionaries.add(json, node);
        }
        for (NodeIterator children = node.getNodes(); children.hasNext(); ) {
            add(nodes, children.nextNode());
        }
    }

    private static void addContent(JsonObject json, Node content) throws Exception {
        json.addProperty("modified", content.getProperty("jcr:lastModified").getLong());
        json.add("content", properties(content));
        try (InputStream data = content.getProperty("jcr:data").getBinary().getStream()) {
            json.addProperty("data", Base64.getEncoder().encodeToString(data.readAllBytes()));
        }
    }

    private static JsonObject properties(Node node) throws RepositoryException {
        JsonObject json = new JsonObject();
        for (PropertyIterator all = node.getProperties(); all.hasNext(); ) {
            Property property = all.nextProperty();
            if (property.getType() != PropertyType.BINARY) {
                json.add(property.getName(), describe(property));
            }
        }
        return json;
    }

    private static JsonObject describe(Property property) throws RepositoryException {
        JsonObject json = new JsonObject();
        json.addProperty("type", PropertyType.nameFromValue(property.getType()));
        json.addProperty("multiple", property.isMultiple());
        JsonArray values = new JsonArray();
        Value[] all = property.isMultiple() ? property.getValues() : new Value[] {property.getValue()};
        for (Value value : all) {
            values.add(value.getString());
        }
        json.add("values", values);
        return json;
    }
}
