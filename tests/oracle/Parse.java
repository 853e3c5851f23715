import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.PrintStream;
import java.security.cert.CertificateFactory;

/** Whether this Java's CertificateFactory reads a certificate: length-prefixed DER on the standard input, a line for each. */
public class Parse {
    public static void main(String[] arguments) throws Exception {
        DataInputStream in = new DataInputStream(System.in);
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        while (true) {
            byte[] der;
            try {
                der = new byte[in.readInt()];
            } catch (EOFException end) {
                break;
            }
            in.readFully(der);
            String answer = "ok";
            try {
                factory.generateCertificate(new ByteArrayInputStream(der));
            } catch (Throwable thrown) {
                answer = thrown.toString().replaceAll("\\s+", " ");
            }
            out.println(answer);
        }
        out.flush();
    }
}
