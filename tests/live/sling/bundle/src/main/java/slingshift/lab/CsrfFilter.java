package slingshift.lab;

import java.io.IOException;
import java.util.Set;

import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Refuses what changes something and has no good token, whatever client sends it, in Sling and in the console. */
final class CsrfFilter implements Filter {

    static final String HEADER = "CSRF-Token";
    static final String PARAMETER = ":cq_csrf_token";

    private static final Set<String> METHODS = Set.of("POST", "PUT", "DELETE");

    private final Switches switches;
    private final Tokens tokens;

    CsrfFilter(Switches switches, Tokens tokens) {
        this.switches = switches;
        this.tokens = tokens;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        boolean guarded = switches.on(Switches.CSRF) && METHODS.contains(http.getMethod())
                && !http.getRequestURI().endsWith(Control.PATH);
        if (guarded && !tokens.good(http.getHeader(HEADER)) && !tokens.good(inQuery(http))) {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        chain.doFilter(request, response);
    }

    /** Out of the query string alone: reading a parameter would read the body before the servlet does. */
    private static String inQuery(HttpServletRequest request) {
        String query = request.getQueryString();
        int start = query == null ? -1 : query.indexOf(PARAMETER + "=");
        return start < 0 ? null : query.substring(start + PARAMETER.length() + 1).split("&")[0];
    }

    @Override
    public void init(FilterConfig config) {
    }

    @Override
    public void destroy() {
    }
}
