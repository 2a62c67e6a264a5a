/// The sheath goes in (TID 3111).
public struct PercutaneousEntry: Payload {
  /// Where.
  public let site: VesselSite
  /// The sheath's size in French.
  public let sheathFrench: Decimal?

  init(from reader: inout FieldReader) throws(Refusal) {
    site = try reader.site()
    sheathFrench = try reader.optional("sheathFrench", .amount)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set(site)
    fields.set("sheathFrench", sheathFrench)
    return fields
  }
}

/// The puncture is closed (CID 3747).
public struct PercutaneousClosure: Payload {
  /// Where.
  public let site: VesselSite
  /// How, such as `suture`.
  public let method: Words

  init(from reader: inout FieldReader) throws(Refusal) {
    site = try reader.site()
    method = try reader.required("method", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set(site)
    fields.set("method", method)
    return fields
  }
}

/// A device goes in or comes out (CID 3422).
public struct DevicePlaced: Payload {
  /// Which device.
  public let device: Words
  /// Where, when that is known.
  public let site: VesselSite?

  init(from reader: inout FieldReader) throws(Refusal) {
    device = try reader.required("device", .term())
    site = try reader.optionalSite()
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("device", device)
    fields.set(site)
    return fields
  }
}

/// A vessel was imaged (DCM 121138, 121139): what units of imaging rest on.
public struct ImageAcquired: Payload {
  /// With what the image was made.
  public enum Modality: String, CaseIterable, Sendable {
    /// Intravascular ultrasound.
    case intravascularUltrasound = "IVUS"
    /// Optical coherence tomography.
    case opticalCoherence = "OCT"
    /// X-ray angiography.
    case angiography = "XA"
    /// Ultrasound from outside.
    case ultrasound = "US"
  }

  /// When in the procedure.
  public enum Phase: String, CaseIterable, Sendable {
    case diagnostic
    case preIntervention = "pre-intervention"
    case intervention
    case postIntervention = "post-intervention"
  }

  /// With what.
  public let modality: Modality
  /// Which vessel.
  public let site: VesselSite
  /// When in the procedure.
  public let phase: Phase
  /// The lesion that was looked at.
  public let lesion: LesionCode?
  /// Whether the images were kept.
  public let imagesStored: Bool
  /// The DICOM series.
  public let seriesUID: Words?
  /// How fast the catheter was pulled, in millimeters a second.
  public let pullbackMillimetersPerSecond: Decimal?

  init(from reader: inout FieldReader) throws(Refusal) {
    modality = try reader.required("modality", .choice())
    site = try reader.site()
    phase = try reader.required("phase", .choice())
    lesion = try reader.optional("lesion", .term())
    imagesStored = try reader.required("imagesStored", .flag)
    seriesUID = try reader.optional("seriesUID", .dicomUID)
    pullbackMillimetersPerSecond = try reader.optional("pullbackMillimetersPerSecond", .amount)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("modality", modality.rawValue)
    fields.set(site)
    fields.set("phase", phase.rawValue)
    fields.set("lesion", lesion)
    fields.set("imagesStored", .bool(imagesStored))
    fields.set("seriesUID", seriesUID)
    fields.set("pullbackMillimetersPerSecond", pullbackMillimetersPerSecond)
    return fields
  }
}

extension FieldForm where Value == Words {
  /// A DICOM UID (PS3.5, 9.1): digits and points, at most 64 characters.
  static let dicomUID = FieldForm("a DICOM UID: digits and points, at most 64 characters") {
    $0.text.flatMap(Words.init).flatMap {
      let bytes = $0.text.utf8
      let isUID =
        bytes.count <= 64
        && bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
      return isUID ? $0 : nil
    }
  }
}

/// Something was measured in a vessel (CID 3486).
public struct Measurement: Payload {
  /// What was measured.
  public enum Measure: String, CaseIterable, Sendable {
    /// Area of the lumen.
    case lumenArea = "lumen-csa"
    /// Area within the external elastic membrane.
    case externalElasticMembraneArea = "eem-csa"
    case plaqueBurden = "plaque-burden"
    case diameter
  }

  /// Where.
  public let site: VesselSite
  /// What.
  public let measure: Measure
  /// Where along the vessel, such as `lumen minimum`.
  public let location: Words?
  /// How much.
  public let value: Decimal
  /// The UCUM unit, such as `mm2`.
  public let unit: Words

  init(from reader: inout FieldReader) throws(Refusal) {
    site = try reader.site()
    measure = try reader.required("measure", .choice())
    location = try reader.optional("site", .term())
    value = try reader.required("value", .amount)
    unit = try reader.required("unit", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set(site)
    fields.set("measure", measure.rawValue)
    fields.set("site", location)
    fields.set("value", value)
    fields.set("unit", unit)
    return fields
  }
}

/// A lesion is named (DCM 121151); one that runs on from vessel to vessel names two or more.
public struct LesionIdentified: Payload {
  /// The lesion's name within the case.
  public let lesion: LesionCode
  /// The vessels that it lies in, at least one.
  public let vessels: [VesselSite]

  init(from reader: inout FieldReader) throws(Refusal) {
    lesion = try reader.required("lesion", .term())
    vessels = try reader.sites("vessels", 1...32)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("lesion", lesion)
    fields.set("vessels", vessels)
    return fields
  }
}

/// Something was done to a vessel (CID 3405, 3412).
public struct Intervention: Payload {
  /// What was done, such as `stent-placement`.
  public let action: Words
  /// Where.
  public let site: VesselSite
  /// The lesion that was treated.
  public let lesion: LesionCode?
  /// With which device.
  public let device: Words?

  init(from reader: inout FieldReader) throws(Refusal) {
    action = try reader.required("action", .term())
    site = try reader.site()
    lesion = try reader.optional("lesion", .term())
    device = try reader.optional("device", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("action", action)
    fields.set(site)
    fields.set("lesion", lesion)
    fields.set("device", device)
    return fields
  }
}

/// A supply was used, returned or thrown away (DCM 122076 to 122079).
public struct Consumable: Payload {
  /// What.
  public let item: Words
  /// How many, 1 to 10,000.
  public let quantity: Int
  /// Unique device identifier.
  public let udi: Words?
  /// Lot number.
  public let lot: Words?
  /// Serial number.
  public let serial: Words?
  /// The HCPCS code under which it is billed.
  public let billingCode: BillingCode?

  init(from reader: inout FieldReader) throws(Refusal) {
    item = try reader.required("item", .term())
    quantity = try reader.required("quantity", .integer(1...10_000))
    udi = try reader.optional("udi", .term())
    lot = try reader.optional("lot", .term())
    serial = try reader.optional("serial", .term())
    billingCode = try reader.optional("billingCode", .billingCode)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("item", item)
    fields.set("quantity", .integer(quantity))
    fields.set("udi", udi)
    fields.set("lot", lot)
    fields.set("serial", serial)
    fields.set("billingCode", billingCode?.text)
    return fields
  }
}

/// A drug or contrast was given (DCM 122083, 122086).
public struct Administration: Payload {
  /// What.
  public let agent: Words
  /// How much.
  public let amount: Decimal
  /// The UCUM unit, such as `mL`.
  public let unit: Words
  /// By which way.
  public let route: Words?

  init(from reader: inout FieldReader) throws(Refusal) {
    agent = try reader.required("agent", .term())
    amount = try reader.required("amount", .amount)
    unit = try reader.required("unit", .term())
    route = try reader.optional("route", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("agent", agent)
    fields.set("amount", amount)
    fields.set("unit", unit)
    fields.set("route", route)
    return fields
  }
}

/// The dose as the equipment shows it.
public struct Radiation: Payload {
  /// Time of fluoroscopy, in seconds.
  public let fluoroscopySeconds: Decimal?
  /// Air kerma at the reference point, in milligray.
  public let airKermaMilligray: Decimal?
  /// Dose area product, in `unit`.
  public let doseAreaProduct: Decimal?
  /// The UCUM unit of the dose area product.
  public let unit: Words?

  init(from reader: inout FieldReader) throws(Refusal) {
    fluoroscopySeconds = try reader.optional("fluoroscopySeconds", .amount)
    airKermaMilligray = try reader.optional("airKermaMilligray", .amount)
    doseAreaProduct = try reader.optional("doseAreaProduct", .amount)
    unit = try reader.optional("unit", .term())
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("fluoroscopySeconds", fluoroscopySeconds)
    fields.set("airKermaMilligray", airKermaMilligray)
    fields.set("doseAreaProduct", doseAreaProduct)
    fields.set("unit", unit)
    return fields
  }
}

/// Something went wrong (CID 3413).
public struct AdverseEvent: Payload {
  /// What kind.
  public let kind: Words
  /// In the lab's words.
  public let detail: Confidential?

  init(from reader: inout FieldReader) throws(Refusal) {
    kind = try reader.required("kind", .term())
    detail = try reader.optional("detail", .confidential)
  }

  var fields: Fields {
    var fields = Fields()
    fields.set("kind", kind)
    fields.set("detail", detail)
    return fields
  }
}
