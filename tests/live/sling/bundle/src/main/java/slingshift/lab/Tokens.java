package slingshift.lab;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** CSRF tokens, each good for some seconds. */
final class Tokens {

    private final Map<String, Long> ends = new ConcurrentHashMap<>();

    String make(double seconds) {
        String token = UUID.randomUUID().toString();
        ends.put(token, System.nanoTime() + (long) (seconds * 1e9));
        return token;
    }

    boolean good(String token) {
        Long end = token == null ? null : ends.get(token);
        return end != null && System.nanoTime() < end;
    }
}
