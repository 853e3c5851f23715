import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Prints the certificates that Java trusts where a key store is its trust store: FILE TYPE PASSWORD. */
public class Trusted {
    public static void main(String[] arguments) throws Exception {
        KeyStore store = KeyStore.getInstance(arguments[1]);
        try (FileInputStream file = new FileInputStream(arguments[0])) {
            store.load(file, arguments[2].toCharArray());
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            for (X509Certificate certificate : ((X509TrustManager) manager).getAcceptedIssuers()) {
                System.out.println(Base64.getEncoder().encodeToString(certificate.getEncoded()));
            }
        }
    }
}
