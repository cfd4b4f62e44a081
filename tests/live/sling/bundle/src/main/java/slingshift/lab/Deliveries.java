package slingshift.lab;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.json.Json;
import javax.json.JsonArrayBuilder;
import javax.json.JsonObjectBuilder;

/** What ConfigAdmin really gave to the consumers of the factories: every event in its order, and what holds now. */
public final class Deliveries {

    private static final class Event {
        final long millis = System.currentTimeMillis();
        final String what;
        final String factory;
        final String pid;

        Event(String what, String factory, String pid) {
            this.what = what;
            this.factory = factory;
            this.pid = pid;
        }
    }

    private final List<Event> events = new ArrayList<>();
    private final Map<String, Map<String, Map<String, Object>>> current = new TreeMap<>();

    synchronized void delivered(String factory, String pid, Dictionary<String, ?> properties) {
        Map<String, Object> values = new TreeMap<>();
        for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements();) {
            String key = keys.nextElement();
            values.put(key, properties.get(key));
        }
        boolean known = current.computeIfAbsent(factory, f -> new TreeMap<>()).put(pid, values) != null;
        events.add(new Event(known ? "updated" : "added", factory, pid));
    }

    synchronized void deleted(String factory, String pid) {
        if (current.getOrDefault(factory, new TreeMap<>()).remove(pid) != null) {
            events.add(new Event("deleted", factory, pid));
        }
    }

    /** The consumer of a factory was stopped: it has nothing any more, though nothing was deleted. */
    synchronized void forgotten(String factory) {
        current.remove(factory);
    }

    synchronized void forgetEvents() {
        events.clear();
    }

    /** The instances of a factory that its consumer has now, by PID. */
    synchronized Map<String, Map<String, Object>> of(String factory) {
        return new TreeMap<>(current.getOrDefault(factory, new TreeMap<>()));
    }

    synchronized JsonObjectBuilder asJson() {
        JsonArrayBuilder log = Json.createArrayBuilder();
        for (Event event : events) {
            log.add(Json.createObjectBuilder().add("millis", event.millis).add("what", event.what)
                    .add("factory", event.factory).add("pid", event.pid));
        }
        JsonObjectBuilder now = Json.createObjectBuilder();
        current.forEach((factory, instances) -> {
            JsonObjectBuilder pids = Json.createObjectBuilder();
            instances.forEach((pid, values) -> {
                JsonObjectBuilder properties = Json.createObjectBuilder();
                values.forEach((key, value) -> properties.add(key, typed(value)));
                pids.add(pid, properties);
            });
            now.add(factory, pids);
        });
        return Json.createObjectBuilder().add("now", now).add("events", log);
    }

    /** The Java type and the texts of its items. */
    private static JsonObjectBuilder typed(Object value) {
        JsonArrayBuilder items = Json.createArrayBuilder();
        if (value instanceof Collection) {
            ((Collection<?>) value).forEach(item -> items.add(String.valueOf(item)));
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                items.add(String.valueOf(Array.get(value, i)));
            }
        } else {
            items.add(String.valueOf(value));
        }
        String type = value instanceof Collection ? "Collection" : value.getClass().getSimpleName();
        return Json.createObjectBuilder().add("type", type).add("values", items);
    }
}
