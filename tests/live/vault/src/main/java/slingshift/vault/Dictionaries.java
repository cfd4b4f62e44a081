package slingshift.vault;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Calendar;
import java.util.Collections;
import java.util.Dictionary;
import javax.jcr.Node;
import org.apache.felix.cm.impl.CaseInsensitiveDictionary;
import org.apache.sling.installer.api.InstallableResource;

/**
 * The dictionary that the Sling installer gets for a sling:OsgiConfig node.
 *
 * <p>{@code "dictionary": {name: {"type": "Long[]", "values": [...]}}} as provider.jcr's ConfigNodeConverter
 * gives it, or {@code "exception"}; {@code "refused"} holds the message when ConfigAdmin would not take it.
 * Doubles are given by their bits in hexadecimal.
 */
final class Dictionaries {
    private static final String CONVERTER = "org.apache.sling.installer.provider.jcr.impl.ConfigNodeConverter";

    private Dictionaries() {}

    static void add(JsonObject json, Node node) throws Exception {
        Dictionary<String, Object> dictionary;
        try {
            dictionary = convert(node);
        } catch (InvocationTargetException e) {
            json.addProperty("exception", e.getCause().toString());
            return;
        }
        JsonObject typed = new JsonObject();
        for (String key : Collections.list(dictionary.keys())) {
            typed.add(key, describe(dictionary.get(key)));
        }
        json.add("dictionary", typed);
        try {
            new CaseInsensitiveDictionary(dictionary);
        } catch (IllegalArgumentException e) {
            json.addProperty("refused", e.getMessage());
        }
    }

    /** The converter's class is package-private, so it is called by its name. */
    private static Dictionary<String, Object> convert(Node node) throws Exception {
        Constructor<?> constructor = Class.forName(CONVERTER).getDeclaredConstructor();
        constructor.setAccessible(true);
        var method = constructor.getDeclaringClass().getDeclaredMethod("convertNode", Node.class, int.class);
        method.setAccessible(true);
        return ((InstallableResource) method.invoke(constructor.newInstance(), node, 200)).getDictionary();
    }

    private static JsonObject describe(Object value) {
        JsonObject json = new JsonObject();
        JsonArray values = new JsonArray();
        if (value.getClass().isArray()) {
            json.addProperty("type", name(value.getClass().getComponentType()) + "[]");
            for (int i = 0; i < Array.getLength(value); i++) {
                addItem(values, Array.get(value, i));
            }
        } else {
            json.addProperty("type", name(value.getClass()));
            addItem(values, value);
        }
        json.add("values", values);
        return json;
    }

    private static String name(Class<?> type) {
        return Calendar.class.isAssignableFrom(type) ? "Calendar" : type.getSimpleName();
    }

    private static void addItem(JsonArray values, Object item) {
        if (item instanceof Boolean) {
            values.add((Boolean) item);
        } else if (item instanceof Long) {
            values.add((Long) item);
        } else if (item instanceof Double) {
            values.add(Long.toHexString(Double.doubleToRawLongBits((Double) item)));
        } else if (item instanceof Calendar) {
            values.add(((Calendar) item).toInstant().toString());
        } else {
            values.add(item.toString());
        }
    }
}
