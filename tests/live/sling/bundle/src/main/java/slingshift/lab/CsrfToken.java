package slingshift.lab;

import java.io.IOException;

import javax.json.Json;
import javax.json.JsonObjectBuilder;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Gives out CSRF tokens; answers 404 while they are switched off, as a Sling without them does. */
final class CsrfToken extends HttpServlet {

    static final String PATH = "/libs/granite/csrf/token.json";

    private static final long serialVersionUID = 1;

    private final transient Switches switches;
    private final transient Tokens tokens;

    CsrfToken(Switches switches, Tokens tokens) {
        this.switches = switches;
        this.tokens = tokens;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!switches.on(Switches.CSRF)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        JsonObjectBuilder answer = Json.createObjectBuilder();
        if (request.getRemoteUser() != null && !"anonymous".equals(request.getRemoteUser())) {
            answer.add("token", tokens.make(Double.parseDouble(switches.get(Switches.CSRF))));
        }
        response.setContentType("application/json");
        Json.createWriter(response.getWriter()).writeObject(answer.build());
    }
}
