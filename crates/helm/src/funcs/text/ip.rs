//! Addresses of hosts. (Go 1.26's net/netip)

/// What sort of address a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// `127.0.0.1`
    V4,
    /// `::1`, `fe80::1%en0`
    V6 {
        /// Does it name a zone?
        zoned: bool,
    },
}

/// Why a text is no address, and the rest of it at which that showed.
type Fault<'a> = (&'static str, &'a [u8]);

/// Tells what sort of address a text is. The error is upstream's. (`ParseAddr`)
pub(crate) fn parse_addr(text: &[u8]) -> Result<Address, String> {
    let parsed = match text.iter().find(|byte| b".:%".contains(byte)) {
        Some(b'.') => four(text).map(|()| Address::V4),
        Some(b':') => six(text).map(|zoned| Address::V6 { zoned }),
        Some(_) => Err(("missing IPv6 address", &[][..])),
        None => Err(("unable to parse IP", &[][..])),
    };
    parsed.map_err(|(words, at)| {
        let quote = gotemplate::fmt::quote;
        let at = match at.is_empty() {
            true => String::new(),
            false => format!(" (at {})", quote(at)),
        };
        format!("ParseAddr({}): {words}{at}", quote(text))
    })
}

/// Four decimals joined by dots. (`parseIPv4Fields`)
fn four(text: &[u8]) -> Result<(), Fault<'_>> {
    let fault = |words| Err((words, &[][..]));
    let (mut value, mut digits, mut dots) = (0u32, 0, 0);
    for (at, &byte) in text.iter().enumerate() {
        let rest = text.get(at..).unwrap_or_default();
        match byte {
            b'0'..=b'9' if digits == 1 && value == 0 => {
                return fault("IPv4 field has octet with leading zero");
            }
            b'0'..=b'9' => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return fault("IPv4 field has value >255");
                }
            }
            b'.' if digits == 0 || rest.len() == 1 => {
                return Err(("IPv4 field must have at least one digit", rest));
            }
            b'.' if dots == 3 => return fault("IPv4 address too long"),
            b'.' => (value, digits, dots) = (0, 0, dots + 1),
            _ => return Err(("unexpected character", rest)),
        }
    }
    if dots < 3 { fault("IPv4 address too short") } else { Ok(()) }
}

/// Fields of up to four hexadecimal digits joined by colons, perhaps with a zone; tells if
/// there is one. (`parseIPv6`)
fn six(text: &[u8]) -> Result<bool, Fault<'_>> {
    let zone = text.iter().position(|&byte| byte == b'%');
    let (mut rest, zone) =
        text.split_at_checked(zone.unwrap_or(text.len())).unwrap_or((text, &[]));
    if zone.len() == 1 {
        return Err(("zone must be a non-empty string", &[]));
    }
    let mut bytes = 0;
    let mut ellipsis = false;
    if let Some(after) = rest.strip_prefix(b"::") {
        (rest, ellipsis) = (after, true);
        if rest.is_empty() {
            return Ok(!zone.is_empty());
        }
    }
    while bytes < 16 {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        match digits {
            0 => {
                let words = "each colon-separated field must have at least one digit";
                return Err((words, rest));
            }
            1..=4 => {}
            _ => return Err(("each group must have 4 or less digits", rest)),
        }
        if rest.get(digits) == Some(&b'.') {
            embedded(rest, bytes, ellipsis)?;
            (rest, bytes) = (&[], bytes + 4);
            break;
        }
        bytes += 2;
        match rest.get(digits..).unwrap_or_default() {
            [] => {
                rest = &[];
                break;
            }
            after @ [b':'] => {
                return Err(("colon must be followed by more characters", after));
            }
            [b':', after @ ..] => rest = after,
            after => return Err(("unexpected character, want colon", after)),
        }
        if let Some(after) = rest.strip_prefix(b":") {
            if ellipsis {
                return Err(("multiple :: in address", rest));
            }
            (rest, ellipsis) = (after, true);
            if rest.is_empty() {
                break;
            }
        }
    }
    match (rest.is_empty(), bytes < 16, ellipsis) {
        (false, ..) => Err(("trailing garbage after address", rest)),
        (_, true, false) => Err(("address string too short", &[])),
        (_, false, true) => {
            Err(("the :: must expand to at least one field of zeros", &[]))
        }
        _ => Ok(!zone.is_empty()),
    }
}

/// The decimals at the end of an address.
fn embedded(rest: &[u8], bytes: usize, ellipsis: bool) -> Result<(), Fault<'_>> {
    if !ellipsis && bytes != 12 {
        let words =
            "embedded IPv4 address must replace the final 2 fields of the address";
        return Err((words, rest));
    }
    if bytes > 12 {
        let words =
            "too many hex fields to fit an embedded IPv4 at the end of the address";
        return Err((words, rest));
    }
    four(rest)
}

#[cfg(test)]
mod tests {
    use super::{Address, parse_addr};

    #[test]
    fn addresses_and_what_is_wrong_with_them() {
        for (text, expected) in [
            ("127.0.0.1", Ok(Address::V4)),
            ("::", Ok(Address::V6 { zoned: false })),
            ("fe80::1%en0", Ok(Address::V6 { zoned: true })),
            ("::ffff:10.0.0.1", Ok(Address::V6 { zoned: false })),
            ("1:2:3:4:5:6:7::", Ok(Address::V6 { zoned: false })),
            ("a", Err("ParseAddr(\"a\"): unable to parse IP")),
            ("%a", Err("ParseAddr(\"%a\"): missing IPv6 address")),
            ("1.2.3.256", Err("ParseAddr(\"1.2.3.256\"): IPv4 field has value >255")),
            (
                "1.02.3.4",
                Err("ParseAddr(\"1.02.3.4\"): IPv4 field has octet with leading zero"),
            ),
            (
                "1..2",
                Err(
                    "ParseAddr(\"1..2\"): IPv4 field must have at least one digit (at \".2\")",
                ),
            ),
            ("1.2", Err("ParseAddr(\"1.2\"): IPv4 address too short")),
            ("1.2.3.4.5", Err("ParseAddr(\"1.2.3.4.5\"): IPv4 address too long")),
            ("::%", Err("ParseAddr(\"::%\"): zone must be a non-empty string")),
            (
                "12345::",
                Err(
                    "ParseAddr(\"12345::\"): each group must have 4 or less digits (at \"12345::\")",
                ),
            ),
            (
                "1:",
                Err(
                    "ParseAddr(\"1:\"): colon must be followed by more characters (at \":\")",
                ),
            ),
            (
                "1:g",
                Err(
                    "ParseAddr(\"1:g\"): each colon-separated field must have at least one digit (at \"g\")",
                ),
            ),
            (
                "1::2::3",
                Err("ParseAddr(\"1::2::3\"): multiple :: in address (at \":3\")"),
            ),
            ("1:2", Err("ParseAddr(\"1:2\"): address string too short")),
            (
                "1:2:3:4:5:6:7:8:9",
                Err(
                    "ParseAddr(\"1:2:3:4:5:6:7:8:9\"): trailing garbage after address (at \"9\")",
                ),
            ),
            (
                "1:2:3:4:5:6:7:8::",
                Err(
                    "ParseAddr(\"1:2:3:4:5:6:7:8::\"): the :: must expand to at least one field of zeros",
                ),
            ),
            (
                "1::2.3.4.5:6",
                Err("ParseAddr(\"1::2.3.4.5:6\"): unexpected character (at \":6\")"),
            ),
            (
                "1:2.3.4.5",
                Err(
                    "ParseAddr(\"1:2.3.4.5\"): embedded IPv4 address must replace the final 2 fields of the address (at \"2.3.4.5\")",
                ),
            ),
        ] {
            let expected = expected.map_err(str::to_owned);
            assert_eq!(parse_addr(text.as_bytes()), expected, "{text}");
        }
    }
}
