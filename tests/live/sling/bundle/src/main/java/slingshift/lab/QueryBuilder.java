package slingshift.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.json.Json;
import javax.json.JsonArrayBuilder;
import javax.json.JsonObjectBuilder;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import org.apache.sling.api.SlingHttpServletRequest;
import org.apache.sling.api.resource.Resource;
import org.apache.sling.api.resource.ValueMap;

/**
 * The part of AEM's query builder that is needed to page through assets: path, type, p.limit, p.offset, p.hits and
 * p.properties. Any other predicate is refused, so that no test believes in one that is not there.
 */
final class QueryBuilder extends HttpServlet {

    static final String PATH = "/bin/querybuilder.json";

    private static final long serialVersionUID = 1;
    private static final List<String> KNOWN =
            List.of("path", "type", "p.limit", "p.offset", "p.hits", "p.properties", "p.guessTotal", "orderby");

    private final transient Switches switches;

    QueryBuilder(Switches switches) {
        this.switches = switches;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!switches.on(Switches.QUERIES)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        Map<String, String> query = new TreeMap<>();
        request.getParameterMap().forEach((name, values) -> query.put(name, values[0]));
        for (String name : query.keySet()) {
            if (!KNOWN.contains(name)) {
                response.sendError(HttpServletResponse.SC_BAD_REQUEST, "this stand-in does not know " + name);
                return;
            }
        }
        List<Resource> found = new ArrayList<>();
        Resource root = ((SlingHttpServletRequest) request).getResourceResolver().getResource(query.getOrDefault("path", "/"));
        if (root != null) {
            collect(root, query.get("type"), found);
        }
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        Json.createWriter(response.getWriter()).writeObject(answer(query, found).build());
    }

    private static void collect(Resource at, String type, List<Resource> found) {
        for (Resource child : at.getChildren()) {
            if (type == null || type.equals(child.getValueMap().get("jcr:primaryType", ""))) {
                found.add(child);
            }
            collect(child, type, found);
        }
    }

    private static JsonObjectBuilder answer(Map<String, String> query, List<Resource> found) {
        int offset = Integer.parseInt(query.getOrDefault("p.offset", "0"));
        int limit = Integer.parseInt(query.getOrDefault("p.limit", "10"));
        int end = limit < 0 ? found.size() : Math.min(found.size(), offset + limit);
        JsonArrayBuilder hits = Json.createArrayBuilder();
        for (Resource resource : found.subList(Math.min(offset, end), end)) {
            hits.add(hit(query, resource));
        }
        return Json.createObjectBuilder().add("success", true).add("results", Math.max(0, end - offset))
                .add("total", found.size()).add("more", end < found.size()).add("offset", offset).add("hits", hits);
    }

    private static JsonObjectBuilder hit(Map<String, String> query, Resource resource) {
        JsonObjectBuilder hit = Json.createObjectBuilder();
        if ("selective".equals(query.get("p.hits"))) {
            Map<String, Object> tree = new TreeMap<>();
            for (String property : query.getOrDefault("p.properties", "jcr:path").split("[ ,]+")) {
                put(tree, property, "jcr:path".equals(property) ? resource.getPath() : resource.getValueMap().get(property));
            }
            return object(tree);
        }
        if ("full".equals(query.get("p.hits"))) {
            ValueMap values = resource.getValueMap();
            Map<String, Object> tree = new TreeMap<>(values);
            tree.put("jcr:path", resource.getPath());
            return object(tree);
        }
        return hit.add("path", resource.getPath()).add("excerpt", "").add("name", resource.getName())
                .add("title", resource.getName());
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> tree, String property, Object value) {
        int slash = property.indexOf('/');
        if (value == null) {
            return;
        }
        if (slash < 0) {
            tree.put(property, value);
        } else {
            Object child = tree.computeIfAbsent(property.substring(0, slash), name -> new TreeMap<String, Object>());
            put((Map<String, Object>) child, property.substring(slash + 1), value);
        }
    }

    @SuppressWarnings("unchecked")
    private static JsonObjectBuilder object(Map<String, Object> tree) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        tree.forEach((name, value) -> {
            if (value instanceof Map) {
                json.add(name, object((Map<String, Object>) value));
            } else if (value instanceof Object[]) {
                JsonArrayBuilder items = Json.createArrayBuilder();
                for (Object item : (Object[]) value) {
                    items.add(String.valueOf(item));
                }
                json.add(name, items);
            } else if (value instanceof Long || value instanceof Integer) {
                json.add(name, ((Number) value).longValue());
            } else if (value instanceof Boolean) {
                json.add(name, (Boolean) value);
            } else {
                json.add(name, String.valueOf(value));
            }
        });
        return json;
    }
}
