package slingshift.lab;

import java.io.PrintWriter;

import javax.json.Json;
import javax.json.JsonArrayBuilder;

import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;

/** The status page productinfo, whose text names the product and its version. */
final class ProductInfo implements InventoryPrinter {

    static final String NAME = "productinfo";

    private final Switches switches;

    ProductInfo(Switches switches) {
        this.switches = switches;
    }

    @Override
    public void print(PrintWriter out, Format format, boolean isZip) {
        String[] lines = {
            "License Information:",
            "  Product Name         = Adobe Experience Manager",
            "",
            "Installed Products",
            "  Adobe Experience Manager (" + switches.get(Switches.PRODUCT) + ")",
        };
        if (Format.JSON.equals(format)) {
            JsonArrayBuilder array = Json.createArrayBuilder();
            for (String line : lines) {
                array.add(line);
            }
            out.print(array.build());
        } else {
            for (String line : lines) {
                out.println(line);
            }
        }
    }
}
