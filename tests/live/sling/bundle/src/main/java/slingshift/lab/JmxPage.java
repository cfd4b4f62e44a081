package slingshift.lab;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.TreeSet;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The console page jmx: lists the MBeans, and invokes operations without parameters. */
final class JmxPage extends HttpServlet {

    static final String LABEL = "jmx";

    private static final long serialVersionUID = 1;

    private final transient MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = html(response);
        String base = request.getAttribute("felix.webconsole.pluginRoot") + "/";
        out.println("<table class=\"nicetable\"><tbody>");
        for (ObjectName name : new TreeSet<>(server.queryNames(null, null))) {
            String link = base + URLEncoder.encode(name.getCanonicalName(), StandardCharsets.UTF_8);
            out.println("<tr><td><a href=\"" + link + "\">" + escape(name.getCanonicalName()) + "</a></td></tr>");
        }
        out.println("</tbody></table>");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // /jmx/OBJECTNAME/op/OPERATION/
        String[] parts = request.getPathInfo().split("/");
        if (parts.length != 5 || !"op".equals(parts[3])) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        try {
            Object result = server.invoke(new ObjectName(parts[2]), parts[4], new Object[0], new String[0]);
            write(html(response), result);
        } catch (JMException | RuntimeMBeanException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, cause.toString());
        }
    }

    private static PrintWriter html(HttpServletResponse response) throws IOException {
        response.setContentType("text/html");
        response.setCharacterEncoding("UTF-8");
        return response.getWriter();
    }

    private static void write(PrintWriter out, Object result) {
        if (!(result instanceof TabularData)) {
            out.println("<pre>" + escape(String.valueOf(result)) + "</pre>");
            return;
        }
        TabularData table = (TabularData) result;
        Collection<String> columns = table.getTabularType().getRowType().keySet();
        out.println("<table class=\"nicetable\"><thead><tr>");
        columns.forEach(column -> out.println("<th>" + escape(column) + "</th>"));
        out.println("</tr></thead><tbody>");
        for (Object row : table.values()) {
            out.println("<tr>");
            columns.forEach(column -> out.println("<td>" + escape(String.valueOf(((CompositeData) row).get(column))) + "</td>"));
            out.println("</tr>");
        }
        out.println("</tbody></table>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
