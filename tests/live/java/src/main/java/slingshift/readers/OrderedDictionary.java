package slingshift.readers;

import java.util.Collections;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A dictionary that is enumerated in the order in which it was filled: writers follow the enumeration. */
final class OrderedDictionary extends Dictionary<String, Object> {
    private final Map<String, Object> values = new LinkedHashMap<>();

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public boolean isEmpty() {
        return values.isEmpty();
    }

    @Override
    public Enumeration<String> keys() {
        return Collections.enumeration(values.keySet());
    }

    @Override
    public Enumeration<Object> elements() {
        return Collections.enumeration(values.values());
    }

    @Override
    public Object get(Object key) {
        return values.get(key);
    }

    @Override
    public Object put(String key, Object value) {
        return values.put(key, value);
    }

    @Override
    public Object remove(Object key) {
        return values.remove(key);
    }
}
