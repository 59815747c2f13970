//! Keys and certificates. (sprig: crypto.go)

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use certs::{Pair, Request, check_custom};
use gotemplate::{
    Call, Foreign, FromArg, Func, FuncError, List, Object, Str, Type, Value, func,
};

use super::kinds::show;
use super::random;
use super::text::base::decode64;
use crate::Host;

pub(super) static FUNCS: &[Func] = &[
    func!("genPrivateKey", gen_private_key, Drawn),
    func!("buildCustomCert", build_custom_cert),
    func!("genCA", gen_ca, Drawn),
    func!("genCAWithKey", gen_ca_with_key, Drawn),
    func!("genSelfSignedCert", gen_self_signed, Drawn),
    func!("genSelfSignedCertWithKey", gen_self_signed_with_key, Drawn),
    func!("genSignedCert", gen_signed, Drawn),
    func!("genSignedCertWithKey", gen_signed_with_key, Drawn),
];

/// `sprig.certificate`: what has `.Cert` and `.Key`.
pub(super) struct Certificate(pub(super) Pair);

impl Foreign for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(Value::str(&self.0.cert)),
            "Key" => Some(Value::str(&self.0.key)),
            _ => None,
        }
    }

    fn print(&self) -> String {
        format!("{{{} {}}}", self.0.cert, self.0.key)
    }
}

/// A parameter that is a `sprig.certificate`.
struct Authority(Pair);

impl FromArg for Authority {
    const TYPE: Type = Type::Object("sprig.certificate");

    fn from_value(value: Value) -> Result<Authority, FuncError> {
        let pair =
            value.downcast::<Certificate>().map(|certificate| certificate.0.clone());
        pair.map(Authority).ok_or_else(|| {
            let got = super::kinds::type_of(&value);
            format!("wrong type for value; expected sprig.certificate; got {got}").into()
        })
    }
}

type Made = Result<Value, FuncError>;

fn object(pair: Result<Pair, String>) -> Made {
    Ok(pair.map(|pair| Value::from(Object::new(Certificate(pair))))?)
}

/// A private key: `rsa` (or nothing), `dsa`, `ecdsa`, `ed25519`. (`generatePrivateKey`)
fn gen_private_key(call: &mut Call<'_>, kind: Str) -> Result<String, FuncError> {
    random::slow(call)?;
    Ok(certs::generate_private_key(&kind.to_str(), &mut random::of(call).0))
}

/// A certificate and key that the user brings, in base64. (`buildCustomCertificate`)
fn build_custom_cert(cert: Str, key: Str) -> Made {
    let decode = |text: &Str, what: &str| {
        let data = decode64(text.as_bytes());
        let text = data.ok().and_then(|data| String::from_utf8(data).ok());
        text.ok_or_else(|| format!("unable to decode base64 {what}"))
    };
    let cert = decode(&cert, "certificate")?;
    let key = decode(&key, "private key")?;
    check_custom(&cert, &key)?;
    object(Ok(Pair { cert, key }))
}

/// Fills in the request and hands it on, with a stream of random numbers.
fn make(
    call: &mut Call<'_>,
    name: &Str,
    (addresses, hosts): (&List, &List),
    days: isize,
    key: Option<&Str>,
    sign: impl FnOnce(&Request<'_>, &mut certs::Random) -> Result<Pair, String>,
) -> Made {
    random::slow(call)?;
    if let Some(key) = key {
        certs::check_key(&key.to_str())?;
    }
    let is_text = std::str::from_utf8(name.as_bytes()).is_ok();
    let name = name.to_str();
    let key = key.map(Str::to_str);
    let addresses = addresses.values().iter().map(address).collect::<Result<_, _>>()?;
    let hosts = hosts.values().iter().map(host).collect::<Result<_, _>>()?;
    if !is_text {
        return Err("error creating certificate: asn1: string not valid UTF-8".into());
    }
    let now = call.host::<Host>().map_or(0, |host| host.ambient.now().0);
    let request = Request {
        name: &name,
        addresses,
        hosts,
        days: days as i64,
        now,
        key: key.as_deref(),
    };
    object(sign(&request, &mut random::of(call).0))
}

/// An alternative name that is an address. (`getNetIPs`)
fn address(value: &Value) -> Result<IpAddr, String> {
    let Some(text) = value.as_str() else {
        return Err(format!("error parsing ip: {} is not a string", show(value)));
    };
    let text = text.to_str();
    let v4 = text.parse::<Ipv4Addr>().map(IpAddr::V4);
    v4.or_else(|_| text.parse::<Ipv6Addr>().map(IpAddr::V6))
        .map_err(|_| format!("error parsing ip: {text}"))
}

/// An alternative name that is a host. (`getAlternateDNSStrs`)
fn host(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some(text) => Ok(text.to_str().into_owned()),
        None => {
            let shown = show(value);
            Err(format!("error processing alternate dns name: {shown} is not a string"))
        }
    }
}

/// An authority with a new key. (`generateCertificateAuthority`)
fn gen_ca(call: &mut Call<'_>, name: Str, days: isize) -> Made {
    let none = List::nil(Type::Any);
    make(call, &name, (&none, &none), days, None, |request, random| {
        request.authority(random)
    })
}

/// An authority with a given key. (`generateCertificateAuthorityWithPEMKey`)
fn gen_ca_with_key(call: &mut Call<'_>, name: Str, days: isize, key: Str) -> Made {
    let none = List::nil(Type::Any);
    make(call, &name, (&none, &none), days, Some(&key), |request, random| {
        request.authority(random)
    })
}

/// A certificate that signs itself. (`generateSelfSignedCertificate`)
fn gen_self_signed(
    call: &mut Call<'_>,
    name: Str,
    addresses: List,
    hosts: List,
    days: isize,
) -> Made {
    make(call, &name, (&addresses, &hosts), days, None, |request, random| {
        request.self_signed(random)
    })
}

/// The same with a given key. (`generateSelfSignedCertificateWithPEMKey`)
fn gen_self_signed_with_key(
    call: &mut Call<'_>,
    name: Str,
    addresses: List,
    hosts: List,
    days: isize,
    key: Str,
) -> Made {
    make(call, &name, (&addresses, &hosts), days, Some(&key), |request, random| {
        request.self_signed(random)
    })
}

/// A certificate that an authority signs. (`generateSignedCertificate`)
fn gen_signed(
    call: &mut Call<'_>,
    name: Str,
    addresses: List,
    hosts: List,
    days: isize,
    authority: Authority,
) -> Made {
    let sign = |request: &Request<'_>, random: &mut certs::Random| {
        request.signed(&authority.0, random)
    };
    make(call, &name, (&addresses, &hosts), days, None, sign)
}

/// The same with a given key. (`generateSignedCertificateWithPEMKey`)
fn gen_signed_with_key(
    call: &mut Call<'_>,
    name: Str,
    addresses: List,
    hosts: List,
    days: isize,
    authority: Authority,
    key: Str,
) -> Made {
    let sign = |request: &Request<'_>, random: &mut certs::Random| {
        request.signed(&authority.0, random)
    };
    make(call, &name, (&addresses, &hosts), days, Some(&key), sign)
}
